--- The way out: what a caller reads of its limit, and of an upstream's faults.
local limits = require("forecourt.limits")
local problems = require("forecourt.problems")

local _M = {}

local tonumber, pcall = tonumber, pcall

-- A mark, as forecourt.admission wrote it, in numbers. There are few different
-- ones, so each is read once.
local terms, count = {}, 0
local MOST = 4096

local function terms_of(mark)
  local known = terms[mark]
  if known then
    return known
  end
  local cost, limit, capacity, errors =
    mark:match("^yes (%d+) (%d+) (%d+) (%a+)$")
  if not cost then
    return nil
  end
  known = {
    cost = tonumber(cost),
    capacity = tonumber(cost) * tonumber(capacity),
    policy = limits.policy(tonumber(limit)),
    is_detailed = errors == "detailed",
  }
  if count >= MOST then
    terms, count = {}, 0
  end
  terms[mark] = known
  count = count + 1
  return known
end

-- What the route said, in place of whatever the upstream did
-- (forecourt.compiler.envoy.security_headers).
local KEPT = {
  ["content-security-policy"] = true,
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

local function say_limit(headers, known, remaining, status)
  headers:remove("x-ratelimit-limit")
  headers:remove("x-ratelimit-remaining")
  headers:remove("x-ratelimit-reset")
  remaining = tonumber(remaining)
  if not (known and remaining) then
    return
  end
  headers:replace("ratelimit-policy", known.policy)
  local state = limits.state(remaining, known.cost, known.capacity)
  headers:replace("ratelimit", state)
  if status == "429" then
    local wait = limits.retry_after(remaining, known.cost)
    headers:replace("retry-after", tostring(wait))
  end
end

local function finish(handle)
  local ours = handle:streamInfo():dynamicMetadata():get("forecourt")
  if ours and ours.replied then
    return -- the gate's own refusal
  end
  local headers = handle:headers()
  local status = headers:get(":status")
  local known = ours and ours.admit and terms_of(ours.admit)
  if status >= "500" and not (known and known.is_detailed) then
    local may_write = known ~= nil and not ours.is_head
    return replace(handle, "upstream-failed", status, may_write)
  end
  local remaining = headers:get("x-ratelimit-remaining")
  if remaining then
    say_limit(headers, known, remaining, status)
  end
end

--- Finishes an answer; what cannot be finished is replaced. Where that fails
-- too the error is raised, and the answer must be closed (forecourt.closed).
function _M.finish(handle)
  if not pcall(finish, handle) then
    replace(handle, "edge-fault", "502", false)
  end
end

return _M
