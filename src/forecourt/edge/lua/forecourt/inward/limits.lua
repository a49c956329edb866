--- How large a body may be that a caller sends.
local _M = {}

--- The limits of a caller, as forecourt.json.reader has them.
-- @tparam table caller  the policy for callers of that audience
-- @treturn table        `bytes`, `depth`, `keys`
function _M.of(caller)
  local limits = caller.limits
  if not limits then
    limits = {
      bytes = caller.body_bytes,
      depth = caller.body_depth,
      keys = caller.body_keys,
    }
    caller.limits = limits
  end
  return limits
end

return _M
