--- What this worker remembers of credentials: few, flat, reused objects.
-- An entitlement is a slot: what differs from credential to credential stands
-- in arrays, side by side where it is read together; what many have in common,
-- their terms, is one table. At most CAPACITY are remembered; then the one that
-- was not used for longest, nearly (the clock algorithm), makes room.
local ffi = require("ffi")

local _M = {}

local CAPACITY = 50000
_M.CAPACITY = CAPACITY

-- Garbage is collected when four times as much is in use as after the last
-- time: with many slots a collection costs more than memory does.
collectgarbage("setpause", 400)

-- What every request reads: until when an answer is fresh, and whose bucket it
-- empties. In one array, since that is one place in memory to fetch.
local HOT, FRESH, BUCKET = 2, 0, 1
local hot = ffi.new("double[?]", HOT * (CAPACITY + 1))
-- Until when it may be used while nobody answers; and until when it counts.
_M.grace = ffi.new("double[?]", CAPACITY + 1)
_M.expires = ffi.new("double[?]", CAPACITY + 1)
local used = ffi.new("uint8_t[?]", CAPACITY + 1)

-- Names of a slot: from slot * NAMES on, in this order.
local NAMES, CREDENTIAL, APPLICATION, CONSUMER, SUBJECT = 4, 0, 1, 2, 3
local names = {}
--- What was agreed with the caller, as forecourt.resolver gives it.
_M.terms = {}

local index = {} -- field -> value -> slot
local fields, values = {}, {}
local count, hand = 0, 0

--- The slot of a credential.
-- @tparam string field  the field it came in
-- @tparam string value  the field's value
-- @treturn number|nil
function _M.slot(field, value)
  local slots = index[field]
  local slot = slots and slots[value]
  if slot then
    used[slot] = 1
  end
  return slot
end

--- Until when a slot's answer is fresh.
function _M.fresh(slot)
  return hot[slot * HOT + FRESH]
end

--- Calls a slot's answer fresh until then.
function _M.renew(slot, till)
  hot[slot * HOT + FRESH] = till
end

--- The id of the bucket that a slot's requests empty.
function _M.bucket(slot)
  return hot[slot * HOT + BUCKET]
end

--- The public id of a slot's credential, its application, and its consumer.
function _M.names(slot)
  local at = slot * NAMES
  return names[at + CREDENTIAL], names[at + APPLICATION], names[at + CONSUMER]
end

--- The application of a slot.
function _M.application(slot)
  return names[slot * NAMES + APPLICATION]
end

--- The consumer of a slot.
function _M.consumer(slot)
  return names[slot * NAMES + CONSUMER]
end

--- The person that a slot's token names; empty where it names nobody.
function _M.subject(slot)
  return names[slot * NAMES + SUBJECT]
end

local function forget(slot)
  local field = fields[slot]
  if field then
    index[field][values[slot]] = nil
    fields[slot], values[slot] = false, false
    hot[slot * HOT + FRESH], _M.grace[slot], _M.expires[slot] = 0, 0, 0
  end
end

local function vacant()
  if count < CAPACITY then
    count = count + 1
    return count
  end
  for _ = 1, 2 * CAPACITY do
    hand = hand % CAPACITY + 1
    if used[hand] == 0 then
      break
    end
    used[hand] = 0
  end
  forget(hand)
  return hand
end

--- Remembers an entitlement, in place of what was known of the credential.
-- @tparam table answer  as forecourt.resolver gives it
-- @treturn number       its slot
function _M.remember(field, value, answer, now)
  local slots = index[field]
  if not slots then
    slots = {}
    index[field] = slots
  end
  local slot = slots[value]
  if not slot then
    slot = vacant()
    slots[value] = slot
    fields[slot], values[slot] = field, value
  end
  used[slot] = 1
  local fresh = math.min(now + answer.fresh, answer.expires)
  hot[slot * HOT + FRESH] = fresh
  hot[slot * HOT + BUCKET] = answer.bucket
  _M.grace[slot] = math.min(fresh + answer.grace, answer.expires)
  _M.expires[slot] = answer.expires
  local at = slot * NAMES
  names[at + CREDENTIAL] = answer.credential
  names[at + APPLICATION] = answer.application
  names[at + CONSUMER] = answer.consumer
  names[at + SUBJECT] = answer.subject
  _M.terms[slot] = answer.terms
  return slot
end

--- Forgets one credential.
function _M.drop(field, value)
  local slots = index[field]
  local slot = slots and slots[value]
  if slot then
    forget(slot)
  end
end

--- Forgets every entitlement of which one of these is said.
-- @tparam table credentials   set of credential ids
-- @tparam table applications  set of application ids
-- @tparam table consumers     set of consumers
function _M.drop_all_of(credentials, applications, consumers)
  for slot = 1, count do
    local credential, application, consumer = _M.names(slot)
    if
      credentials[credential]
      or applications[application]
      or consumers[consumer]
    then
      forget(slot)
    end
  end
end

--- Forgets everything.
function _M.drop_everything()
  for slot = 1, count do
    forget(slot)
  end
end

--- Trusts nothing any more without asking again.
function _M.doubt_everything()
  for slot = 1, count do
    hot[slot * HOT + FRESH] = 0
  end
end

return _M
