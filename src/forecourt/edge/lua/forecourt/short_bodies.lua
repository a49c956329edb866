--- A short body of a request that is refused, or whose caller nobody knows yet.
-- Envoy ends the stream of a request that it answers while the body still
-- comes, and some clients then show nothing of the answer (curl 7.88 over
-- HTTP/2), so the body is let in first; but nobody waits long for it.
local pcall, tonumber = pcall, tonumber

local _M = {}

-- So much of a body (bytes) is let in, if it says how much it is.
local SHORT = 16384

-- One that does not come ends with its stream after three seconds, counted from
-- its beginning: it is where this field leads, and no route that leads anywhere
-- says so (forecourt.compiler.envoy.waiting).
local FIELD = "forecourt-waits"

-- Has Envoy look for the route anew.
local function be_waiting(handle, is_waiting)
  local headers = handle:headers()
  if is_waiting then
    headers:replace(FIELD, "yes")
  else
    headers:remove(FIELD)
  end
  handle:clearRouteCache()
  handle:metadata()
end

--- Waits for a body that is short. Ends the headers that were read before.
-- @treturn boolean  whether it is
function _M.let_in(handle)
  local headers = handle:headers()
  local told = headers:get("content-length")
  local length = told and tonumber(told)
  if length and length > 0 and length <= SHORT then
    be_waiting(handle, true)
    -- After somebody was asked there may be nothing left to wait for.
    pcall(handle.body, handle)
    be_waiting(handle, false)
    return true
  end
  return false
end

return _M
