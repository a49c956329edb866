--- A short body of a request that is refused, or whose caller nobody knows yet.
-- Envoy ends the stream of a request that it answers while the body still
-- comes, and some clients then show nothing of the answer (curl 7.88 over
-- HTTP/2), so the body is let in first; but nobody waits long for it.
local pcall, tonumber = pcall, tonumber

local _M = {}

-- So much of a body (bytes) is let in, if it says how much it is.
local SHORT = 16384

-- One that does not come ends with its stream, after so long, counted from its
-- beginning (`_BOUNDED` in forecourt.compiler.envoy.routes).
local FIELD, MOST = "grpc-timeout", "3S"

-- Has Envoy count anew: it does when it looks for the route.
local function live_for(handle, time)
  local headers = handle:headers()
  if time then
    headers:replace(FIELD, time)
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
    local own = headers:get(FIELD)
    live_for(handle, MOST)
    -- After somebody was asked there may be nothing left to wait for.
    pcall(handle.body, handle)
    live_for(handle, own)
    return true
  end
  return false
end

return _M
