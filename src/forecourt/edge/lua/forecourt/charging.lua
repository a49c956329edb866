--- What a request costs: a token of each limit that it meets. One that a limit
-- refuses costs nothing: what others took before is given back.
local address_buckets = require("forecourt.address_buckets")
local buckets = require("forecourt.buckets")
local entitlements = require("forecourt.entitlements")
local limits = require("forecourt.limits")
local monotonic = require("forecourt.clock").monotonic
local places = require("forecourt.places")

local _M = {}

local ceil = math.ceil
local beside, bucket = entitlements.beside, entitlements.bucket
local user = entitlements.user
local terms_of = entitlements.terms
local state_of, policy_of = limits.state, limits.item
local give_back, take = buckets.give_back, buckets.take

local POLICY, STATE = "forecourt-ratelimit-policy", "forecourt-ratelimit"

-- Nobody knows when a request ends: seconds after which to try again.
local MOMENT = 1

-- Ids of buckets are below.
local IDS = 2 ^ 52

-- Who brings no credential pays by address (forecourt.anonymous).
local ANONYMOUS = "anonymous"

-- The bucket that a minute's requests empty, and seconds in which it refills by
-- one and wholly.
local function minute(handle, slot, policy)
  local terms = terms_of[slot]
  if terms.kind ~= ANONYMOUS then
    return bucket(slot), terms.interval, terms.depth
  end
  local limit = policy.callers[ANONYMOUS]
  local interval = 60 / limit.per_minute
  local id = address_buckets.of(handle, limit.bucket)
  return id, interval, interval * limit.capacity
end

-- The bucket that lies so far from another.
local function shifted(id, shift)
  local sum = id + shift
  if sum >= IDS then
    sum = sum - IDS
  end
  return sum > 0 and sum or 1
end

local function policy_for_strangers(policy)
  return policy_of("minute", policy.callers[ANONYMOUS].per_minute)
end

local function give_back_own(handle, slot, policy)
  give_back(minute(handle, slot, policy))
  local each = terms_of[slot].user
  if each and user(slot) > 0 then
    give_back(user(slot), each.interval)
  end
end

local function give_back_of_api(slot, policy)
  local limit = policy.callers[terms_of[slot].audience].limit
  if limit then
    give_back(shifted(beside(slot), limit.shift), limit.interval)
  end
end

-- Says of one more limit what is left of it.
local function add_state(headers, text)
  headers:replace(STATE, headers:get(STATE) .. ", " .. text)
end

local function add_policy(headers, name, limit)
  local text = headers:get(POLICY) .. ", " .. policy_of(name, limit.q)
  headers:replace(POLICY, text)
end

--- What the caller's own limits say: its quota, its minute, and the share of
-- the person for whom it acts. A quota is used up until a moment: it ends by
-- itself, whoever is away then.
-- Then it takes one of the caller's places, where those are counted: the way
-- out gives it back, of a refusal as well.
-- @treturn number|nil  seconds to wait, where one is used up
-- @treturn string|nil  why: "quota-exhausted", "rate-limited", "user-limited"
--   or "concurrency-limited"
function _M.caller(handle, headers, slot, now, policy)
  local terms = terms_of[slot]
  local quota = terms.exhausted
  if quota and now < quota.till then
    local rest = quota.till - now
    headers:add(POLICY, terms.policy)
    headers:add(STATE, state_of(0, ceil(rest), quota.window))
    return rest, "quota-exhausted"
  end
  local moment = monotonic()
  local own, interval, depth = minute(handle, slot, policy)
  local left, seconds, wait = take(own, interval, depth, moment)
  headers:add(POLICY, terms.policy or policy_for_strangers(policy))
  headers:add(STATE, state_of(left, seconds, "minute"))
  if wait then
    return wait, "rate-limited"
  end
  local each = terms.user
  local id = each and user(slot) or 0
  if id > 0 then
    left, seconds, wait = take(id, each.interval, each.depth, moment)
    local text = state_of(left, seconds, "user")
    if wait then
      give_back(own, interval)
      headers:replace(STATE, text)
      return wait, "user-limited"
    end
    add_state(headers, text)
  end
  local most = terms.most_at_once
  if most then
    local place = places.take(own, most, moment)
    if not place then
      give_back_own(handle, slot, policy)
      headers:replace(STATE, '"concurrent";r=0')
      return MOMENT, "concurrency-limited"
    end
    local metadata = handle:streamInfo():dynamicMetadata()
    metadata:set("forecourt", "place", place)
  end
  return nil
end

--- What the API says, where it limits such callers: of those alone who see it.
-- @treturn number|nil  seconds to wait
function _M.api(handle, headers, slot, policy)
  local terms = terms_of[slot]
  local limit = policy.callers[terms.audience].limit
  if not limit then
    return nil
  end
  local id = shifted(beside(slot), limit.shift)
  local left, seconds, wait =
    take(id, limit.interval, limit.depth, monotonic())
  add_policy(headers, "api", limit)
  local text = state_of(left, seconds, "api")
  if wait then
    give_back_own(handle, slot, policy)
    headers:replace(STATE, text)
    return wait
  end
  add_state(headers, text)
  return nil
end

--- What the operation says.
-- @tparam table limit  of the operation (forecourt.compiler.limits)
-- @treturn table|nil   what the refusal says besides
function _M.operation(handle, headers, slot, policy, limit)
  local own = beside(slot)
  if terms_of[slot].kind == ANONYMOUS then
    own = minute(handle, slot, policy)
  end
  local id = shifted(shifted(own, policy.shift), limit.shift)
  local left, seconds, wait =
    take(id, limit.interval, limit.depth, monotonic())
  add_policy(headers, "operation", limit)
  local text = state_of(left, seconds, "operation")
  if wait then
    give_back_own(handle, slot, policy)
    give_back_of_api(slot, policy)
    headers:replace(STATE, text)
    return { fields = { ["retry-after"] = limits.retry_after(wait) } }
  end
  add_state(headers, text)
  return nil
end

return _M
