--- The last resort of the way out: an answer that says nothing, made of nothing
-- that may have failed before.
local _M = {}

local TYPE = "application/problem+json"
local TEXT = '{"type":"urn:forecourt:problem:edge-fault",'
  .. '"title":"Something went wrong","status":502,'
  .. '"detail":"The answer could not be checked, so it is not passed on."}'

--- Puts it in the place of whatever was to leave.
function _M.close(handle)
  local body = handle:body()
  local headers = handle:headers()
  local names = {}
  for name in pairs(headers) do
    names[#names + 1] = name
  end
  for _, name in ipairs(names) do
    if name:sub(1, 1) ~= ":" and name ~= "x-request-id" then
      headers:remove(name)
    end
  end
  headers:replace(":status", "502")
  headers:replace("cache-control", "no-store")
  if body then
    headers:replace("content-type", TYPE)
    headers:replace("content-length", tostring(#TEXT))
    body:setBytes(TEXT)
  else
    headers:replace("content-length", "0")
  end
  -- For the access log (forecourt.replacing). The last: it may fail.
  local metadata = handle:streamInfo():dynamicMetadata()
  metadata:set("forecourt", "replaced", "edge-fault")
end

return _M
