--- The last steps of the way in: what the request costs, what the upstream is
-- told, and the mark.
local buckets = require("forecourt.buckets")
local clock = require("forecourt.clock")
local entitlements = require("forecourt.entitlements")
local limits = require("forecourt.limits")

local _M = {}

local application, bucket = entitlements.application, entitlements.bucket
local consumer, credential = entitlements.consumer, entitlements.credential
local subject = entitlements.subject
local terms_of = entitlements.terms

-- What the way out is told of an admitted request: how problems read to its
-- caller, and where its answer is held to the contract, how, to which, to which
-- operation of it, and whose version that is. A mark is made once
-- (forecourt.marks reads it).
local function mark_of(caller, held, operation, policy, version)
  if not operation or caller.response_check == "off" then
    return "yes " .. caller.errors
  end
  local marks = held.marks
  if not marks then
    marks = {}
    held.marks = marks
  end
  local mark = marks[operation]
  if not mark then
    mark = ("yes %s %s %s %d %s@%s"):format(
      caller.errors,
      caller.response_check,
      held.way_out,
      operation,
      policy.api,
      version.name
    )
    marks[operation] = mark
  end
  return mark
end

--- Tells the access log and the upstream who calls.
function _M.name_caller(headers, slot)
  headers:add("forecourt-consumer", consumer(slot))
  headers:add("forecourt-application", application(slot))
  headers:add("forecourt-audience", terms_of[slot].audience)
  headers:add("forecourt-credential", credential(slot))
end

--- Takes what the request costs; the route copies what is left to the answer.
-- @treturn number|nil  seconds to wait, where the limit is used up
function _M.charge(headers, slot)
  local terms = terms_of[slot]
  local left, seconds, wait = buckets.take(
    bucket(slot),
    terms.interval,
    terms.depth,
    clock.monotonic()
  )
  headers:add("forecourt-ratelimit-policy", terms.policy)
  headers:add("forecourt-ratelimit", limits.state(left, seconds))
  return wait
end

--- Lets a request through. Setting the mark is the last statement: a request
-- that lacks it ends at the admission filter.
-- @tparam number|nil operation  of the version's contract, where there is one
-- @tparam string|nil asks  what the way out must know of this request
--   alone: " test" where a test key calls, " head" where a body may not leave
function _M.admit(handle, headers, slot, policy, version, operation, asks)
  local terms = terms_of[slot]
  if version.name ~= "" then
    headers:add("forecourt-version", version.name)
  end
  if version.upstream then
    headers:add("forecourt-upstream", version.upstream)
  end
  if terms.scopes ~= "" then
    headers:add("forecourt-scopes", terms.scopes)
  end
  if terms.features ~= "" then
    headers:add("forecourt-features", terms.features)
  end
  local person = subject(slot)
  if person ~= "" then
    headers:add("forecourt-subject", person)
  end
  local metadata = handle:streamInfo():dynamicMetadata()
  if version.base then
    -- Where the version's own upstream wants it; the route has no one base.
    -- Envoy keeps the query.
    local path = headers:get(":path")
    local query = path:find("?", 1, true)
    local rest = path:sub(#policy.prefix + 1, query and query - 1)
    metadata:set("forecourt", "path", version.base .. rest)
  end
  local audience = terms.audience
  local held = version.contracts and version.contracts[audience]
  local caller = policy.callers[audience]
  local mark = mark_of(caller, held, operation, policy, version)
  metadata:set("forecourt", "admit", asks and mark .. asks or mark)
end

return _M
