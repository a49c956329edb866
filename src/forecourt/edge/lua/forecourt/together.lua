--- What a request may that brings several credentials of one owner: what each
-- of them allows. A certificate proves whose they are, and narrows nothing.
local entitlements = require("forecourt.entitlements")
local standing = require("forecourt.standing")

local _M = {}

local bucket, subject = entitlements.bucket, entitlements.subject
local user = entitlements.user
local terms_of, turn = entitlements.terms, entitlements.turn
local gmatch, min = string.gmatch, math.min

-- Under no such name does a field come.
local FIELD = "together"
local CERTIFICATE = "certificate"

-- API -> true, or a set of versions; false: all that the audience sees.
local function grants_of_both(one, other)
  if not one or not other then
    return one or other
  end
  local both = {}
  for api, its in pairs(one) do
    local others = other[api]
    if its == true or not others then
      both[api] = others
    elseif others == true then
      both[api] = its
    else
      both[api] = {}
      for version in pairs(its) do
        both[api][version] = others[version]
      end
    end
  end
  return both
end

-- The words of both, as a text and as a set.
local function words_of_both(one, other)
  local set, list = {}, {}
  for word in gmatch(one, "%S+") do
    for its in gmatch(other, "%S+") do
      if its == word then
        set[word] = true
        list[#list + 1] = word
      end
    end
  end
  return table.concat(list, " "), set
end

-- Whether one is slowed down more than another; a test beside a certificate is
-- no call of what that stands for, and takes nothing of its limits.
local function is_slower(one, other)
  return one.kind ~= CERTIFICATE and one.interval > other.interval
end

-- What both allow: as the first, but for what the other narrows. Of one that
-- holds all scopes that need no user, and one that names its own, those are
-- left that need none: only an operation says which they are.
local function met_of(one, other)
  local is_proof = other.kind == CERTIFICATE
  local met = {
    grants = grants_of_both(one.grants, other.grants),
    needs_certificate = one.needs_certificate and not is_proof,
    is_test = one.is_test or other.is_test,
    -- The share of a person, whichever of them names one.
    user = one.user or other.user,
  }
  if not is_proof then
    met.needs_no_user = one.has_all_scopes
      or other.has_all_scopes
      or one.needs_no_user
    if one.has_all_scopes then
      met.has_all_scopes, met.scopes = other.has_all_scopes, other.scopes
    elseif not other.has_all_scopes then
      met.scopes = words_of_both(one.scopes, other.scopes)
    end
  end
  if one.features ~= other.features then
    met.features, met.has_feature = words_of_both(one.features, other.features)
  end
  local mine, others = one.exhausted, other.exhausted
  if others and not is_proof and (not mine or mine.till < others.till) then
    met.exhausted = others
  end
  if is_slower(other, one) then
    met.interval, met.depth = other.interval, other.depth
    met.policy, met.most_at_once = other.policy, other.most_at_once
  end
  return setmetatable(met, { __index = one })
end

-- A slot that stands for several, by what they are and how often each was
-- forgotten; nil where there is none, or what one of them may has changed.
local function known(slots, value, expires)
  local slot = entitlements.slot(FIELD, value)
  if not slot or entitlements.expires[slot] ~= expires then
    return nil
  end
  local met = terms_of[slot].of
  for i = 1, #slots do
    if met[i] ~= terms_of[slots[i]] then
      return nil
    end
  end
  return slot
end

-- The slot that stands for several. Of the first it has the names, and of the
-- one that is slowed down most the bucket.
local function joined(slots, now)
  local names, of = {}, {}
  local expires, slowest, named = math.huge, slots[1], slots[1]
  for i = 1, #slots do
    local slot = slots[i]
    names[i] = ("%d.%d"):format(slot, turn(slot))
    of[i] = terms_of[slot]
    expires = min(expires, entitlements.expires[slot])
    if is_slower(of[i], terms_of[slowest]) then
      slowest = slot
    end
    if subject(named) == "" then
      named = slot -- a person, if it names one
    end
  end
  local value = table.concat(names, " ")
  local slot = known(slots, value, expires)
  if slot then
    return slot
  end
  local terms = of[1]
  for i = 2, #of do
    terms = met_of(terms, of[i])
  end
  terms.of = of
  return entitlements.remember(FIELD, value, {
    credential = entitlements.credential(slots[1]),
    application = entitlements.application(slots[1]),
    consumer = entitlements.consumer(slots[1]),
    subject = subject(named),
    bucket = bucket(slowest),
    user = user(named),
    terms = terms,
    expires = expires,
    fresh = 0,
    grace = 0,
    parts = slots,
  }, now)
end

-- The slots that were found, now that nobody is asked any more: they may have
-- moved meanwhile. What proves only whose they are comes last.
local function found_again(given)
  local slots, proofs = {}, {}
  for i = 1, #given do
    local source = given[i][1]
    local slot = entitlements.slot(source.field, given[i][2])
    if not slot then
      return nil
    end
    local list = source.proves_owner and proofs or slots
    list[#list + 1] = slot
  end
  for i = 1, #proofs do
    slots[#slots + 1] = proofs[i]
  end
  return slots
end

--- Who calls, where the request carries several credentials.
-- @tparam table given    each a source and its field's value
-- @tparam function find  the entitlement of one
-- @treturn number|nil    a slot
-- @treturn string|nil    why not
function _M.agreed(handle, given, find, now)
  local consumer
  for i = 1, #given do
    local slot, reason = find(handle, given[i][1], given[i][2], now)
    if not slot then
      return nil, reason
    end
    -- An entitlement may move while another is asked for: compare by name.
    consumer = consumer or entitlements.consumer(slot)
    if entitlements.consumer(slot) ~= consumer then
      return nil, "two-callers"
    end
    if not standing.is_from_there(handle, slot) then
      return nil, "address-not-allowed"
    end
    if standing.blocked_till(slot, now) then
      return slot -- the gate refuses it, whatever else is brought
    end
  end
  local slots = found_again(given)
  if not slots then
    return nil, "unavailable" -- withdrawn, while another was asked for
  end
  return joined(slots, now)
end

return _M
