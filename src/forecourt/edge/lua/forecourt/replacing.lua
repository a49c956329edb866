--- Puts a problem in the place of a whole answer.
local problem_body = require("forecourt.problem_body")

local _M = {}

-- What the route said, in place of whatever the upstream did
-- (forecourt.compiler.envoy.security_headers).
local KEPT = {
  ["content-security-policy"] = true,
  ["ratelimit"] = true,
  ["ratelimit-policy"] = true,
  ["strict-transport-security"] = true,
  ["x-content-type-options"] = true,
  ["x-request-id"] = true,
}

-- What the gate said of the version's end (forecourt.lifecycle). It is taken
-- from where the gate left it: what stands in the answer may be the upstream's.
local TOLD = { "deprecation", "sunset", "link" }

local tonumber = tonumber

local NOTHING = {}

--- Says for the access log what took an answer's place, and why: in metadata,
-- which no caller reads and no upstream writes.
-- @tparam string reason
function _M.log(handle, reason)
  handle:streamInfo():dynamicMetadata():set("forecourt", "replaced", reason)
end

--- Replaces it.
-- @tparam string reason   of forecourt.problems
-- @tparam string status
-- @tparam boolean may_write  whether an answer that has no body may get one
-- @tparam boolean|nil is_detailed
-- @tparam table|nil more  what the problem says besides: detail, inside,
--   faults, done; told, the reason that the caller reads in its place
function _M.replace(handle, reason, status, may_write, is_detailed, more)
  local headers = handle:headers()
  more = more or NOTHING
  local text = problem_body.of(more.told or reason, {
    detail = more.detail,
    inside = more.inside,
    faults = more.faults,
    is_done = more.done,
    status = tonumber(status),
    request_id = headers:get("x-request-id"),
    is_detailed = is_detailed,
  })
  local body = handle:body(may_write)
  headers = handle:headers()
  local names = {}
  for name in pairs(headers) do
    if name:sub(1, 1) ~= ":" and not KEPT[name] then
      names[#names + 1] = name
    end
  end
  for i = 1, #names do
    headers:remove(names[i])
  end
  local said = handle:streamInfo():dynamicMetadata():get("forecourt") or NOTHING
  for i = 1, #TOLD do
    if said[TOLD[i]] then
      headers:replace(TOLD[i], said[TOLD[i]])
    end
  end
  headers:replace(":status", status)
  headers:replace("cache-control", "no-store")
  headers:replace("x-content-type-options", "nosniff")
  if body then
    headers:replace("content-type", problem_body.TYPE)
    headers:replace("content-length", tostring(#text))
    body:setBytes(text)
  else
    headers:replace("content-length", "0")
  end
  _M.log(handle, reason)
end

return _M
