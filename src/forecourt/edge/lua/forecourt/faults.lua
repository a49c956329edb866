--- The way out: what an upstream says of its own faults stays inside.
-- Envoy asks for it only where an answer is no success and no refusal
-- (forecourt.compiler.envoy.faults).
local problems = require("forecourt.problems")

local _M = {}

local tonumber, pcall = tonumber, pcall

-- The marks of a caller that may read it (forecourt.admission): alone, or with
-- the contract that its answers are held to.
local DETAILED = "yes detailed"
local DETAILED_AND_HELD = "^yes detailed %l+ %x+ %d+$"

local function is_detailed(mark)
  return mark == DETAILED or mark ~= nil and mark:find(DETAILED_AND_HELD) ~= nil
end

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

-- Puts a problem in the place of the whole answer. One without a body gets one
-- where `may_write` says that there can be one.
local function replace(handle, reason, status, may_write)
  local body = handle:body(may_write)
  local headers = handle:headers()
  local names = {}
  for name in pairs(headers) do
    if name:sub(1, 1) ~= ":" and not KEPT[name] then
      names[#names + 1] = name
    end
  end
  for i = 1, #names do
    headers:remove(names[i])
  end
  local text = problems.body(reason, {
    status = tonumber(status),
    request_id = headers:get("x-request-id"),
  })
  headers:replace(":status", status)
  headers:replace("cache-control", "no-store")
  headers:replace("x-content-type-options", "nosniff")
  if body then
    headers:replace("content-type", problems.TYPE)
    headers:replace("content-length", tostring(#text))
    body:setBytes(text)
  else
    headers:replace("content-length", "0")
  end
end

local function hide(handle)
  local ours = handle:streamInfo():dynamicMetadata():get("forecourt")
  local mark = ours and ours.admit
  if is_detailed(mark) or ours and ours.replied then
    return -- inside, or the gate's own refusal
  end
  local status = handle:headers():get(":status")
  replace(handle, "upstream-failed", status, mark ~= nil and not ours.is_head)
end

--- Hides what must stay inside; where that fails, the whole answer. Where that
-- fails too the error is raised, and the answer must be closed
-- (forecourt.closed).
function _M.hide(handle)
  if not pcall(hide, handle) then
    replace(handle, "edge-fault", "502", false)
  end
end

return _M
