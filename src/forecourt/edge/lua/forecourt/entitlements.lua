--- What this worker remembers of credentials: few, flat, reused objects.
-- An entitlement is a slot: what differs from credential to credential stands
-- in arrays, side by side where it is read together, and its texts outside of
-- LuaJIT's heap (forecourt.texts); what many have in common, their terms, is
-- one table. At most CAPACITY are remembered; then the one that was not used
-- for longest, nearly (the clock algorithm), makes room.
local ffi = require("ffi")
local texts = require("forecourt.texts")

local _M = {}

local CAPACITY = texts.CAPACITY
_M.CAPACITY = CAPACITY

-- What every request reads: until when an answer is fresh, and whose bucket it
-- empties. In one array, since that is one place in memory to fetch.
local HOT, FRESH, BUCKET = 2, 0, 1
local hot = ffi.new("double[?]", HOT * (CAPACITY + 1))
-- Until when it may be used while nobody answers; and until when it counts.
_M.grace = ffi.new("double[?]", CAPACITY + 1)
_M.expires = ffi.new("double[?]", CAPACITY + 1)
-- The id of the bucket of the person whom a slot's token names; 0: it names
-- nobody, or nobody has a share.
local users = ffi.new("double[?]", CAPACITY + 1)
-- The id of the bucket beside which those of APIs and operations lie.
local besides = ffi.new("double[?]", CAPACITY + 1)
local used = ffi.new("uint8_t[?]", CAPACITY + 1)

-- The texts of a slot.
local VALUE, CREDENTIAL, APPLICATION, CONSUMER, SUBJECT = 1, 2, 3, 4, 5
--- What was agreed with the caller, as forecourt.resolver gives it.
_M.terms = {}

-- Slots by value: the first of each place, and of each slot the next one.
local PLACES = 65536
local firsts = ffi.new("uint32_t[?]", PLACES)
local nexts = ffi.new("uint32_t[?]", CAPACITY + 1)
-- In which field a slot's value comes, as a number; 0: the slot is vacant.
local fields = ffi.new("uint8_t[?]", CAPACITY + 1)
local numbers, known_fields = {}, 0
local count, hand = 0, 0

-- So many names are compared one by one.
local FEW = 16

-- How often a slot was forgotten.
local turns = ffi.new("double[?]", CAPACITY + 1)
-- Of a slot that stands for several credentials, theirs.
local parts = {}

local function found(number, value)
  local slot = firsts[texts.place(value, PLACES)]
  while slot ~= 0 do
    if fields[slot] == number and texts.is(slot, VALUE, value) then
      return slot
    end
    slot = nexts[slot]
  end
  return nil
end

--- The slot of a credential.
-- @tparam string field  the field it came in
-- @tparam string value  the field's value
-- @treturn number|nil
function _M.slot(field, value)
  local number = numbers[field]
  local slot = number and found(number, value)
  if slot then
    used[slot] = 1
  end
  return slot
end

--- A number that changes whenever a slot is forgotten, or becomes another's; or
-- one of those that it stands for.
function _M.turn(slot)
  local turn, its = turns[slot], parts[slot]
  for i = 1, its and #its or 0 do
    turn = turn + turns[its[i]]
  end
  return turn
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

--- The id of the bucket beside which a slot's of APIs and operations lie: its
-- own, but of who is slowed down that of its owner.
function _M.beside(slot)
  return besides[slot]
end

--- The id of the bucket of the person whom a slot's token names; 0: of nobody.
function _M.user(slot)
  return users[slot]
end

--- The public id of a slot's credential.
function _M.credential(slot)
  return texts.get(slot, CREDENTIAL)
end

--- The application of a slot.
function _M.application(slot)
  return texts.get(slot, APPLICATION)
end

--- The consumer of a slot.
function _M.consumer(slot)
  return texts.get(slot, CONSUMER)
end

--- The person that a slot's token names; empty where it names nobody.
function _M.subject(slot)
  return texts.get(slot, SUBJECT)
end

local function unlink(slot)
  local place = texts.place(texts.get(slot, VALUE), PLACES)
  local before = firsts[place]
  if before == slot then
    firsts[place] = nexts[slot]
    return
  end
  while before ~= 0 and nexts[before] ~= slot do
    before = nexts[before]
  end
  if before ~= 0 then
    nexts[before] = nexts[slot]
  end
end

-- Wherever this fails, the slot lets nobody in before somebody was asked again,
-- and has its texts for as long as it is found by them.
local function forget(slot)
  if fields[slot] ~= 0 then
    hot[slot * HOT + FRESH], _M.grace[slot] = 0, 0
    turns[slot] = turns[slot] + 1
    unlink(slot)
    fields[slot] = 0
    parts[slot] = nil
    texts.drop(slot)
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

local function link(slot, number, value)
  local place = texts.place(value, PLACES)
  nexts[slot], firsts[place] = firsts[place], slot
  fields[slot] = number
end

local function number_of(field)
  local number = numbers[field]
  if not number then
    known_fields = known_fields + 1
    number = known_fields
    numbers[field] = number
  end
  return number
end

--- Remembers an entitlement, in place of what was known of the credential.
-- @tparam table answer  as forecourt.resolver gives it
-- @treturn number       its slot
function _M.remember(field, value, answer, now)
  local number = number_of(field)
  local known = found(number, value)
  local slot = known or vacant()
  texts.keep(slot, {
    value,
    answer.credential,
    answer.application,
    answer.consumer,
    answer.subject,
  })
  if not known then
    link(slot, number, value)
  end
  used[slot] = 1
  local fresh = math.min(now + answer.fresh, answer.expires)
  hot[slot * HOT + FRESH] = fresh
  hot[slot * HOT + BUCKET] = answer.bucket
  users[slot] = answer.user or 0
  besides[slot] = answer.beside or answer.bucket
  _M.grace[slot] = math.min(fresh + answer.grace, answer.expires)
  _M.expires[slot] = answer.expires
  _M.terms[slot] = answer.terms
  parts[slot] = answer.parts
  return slot
end

--- Keeps a slot that no credential leads to, and that is never forgotten: the
-- only one for whoever brings none.
-- @tparam string consumer
-- @tparam table terms     as forecourt.resolver gives them
-- @tparam number bucket   of what such callers do together
-- @treturn number         0
function _M.reserve(consumer, terms, bucket)
  texts.keep(0, { "", "", "", consumer, "" })
  hot[BUCKET] = bucket
  _M.terms[0] = terms
  return 0
end

--- Forgets one credential.
function _M.drop(field, value)
  local number = numbers[field]
  local slot = number and found(number, value)
  if slot then
    forget(slot)
  end
end

-- Whether one of a slot's texts is among some: each is looked at where they are
-- few; else the text is made, for which LuaJIT has to find room.
local function is_among(slot, which, set, list)
  if #list > FEW then
    return set[texts.get(slot, which)]
  end
  for i = 1, #list do
    if texts.is(slot, which, list[i]) then
      return true
    end
  end
  return false
end

local function listed(set)
  local list = {}
  for text in pairs(set) do
    list[#list + 1] = text
  end
  return list
end

--- Forgets every entitlement of which one of these is said.
-- @tparam table credentials   set of credential ids
-- @tparam table applications  set of application ids
-- @tparam table consumers     set of consumers
function _M.drop_all_of(credentials, applications, consumers)
  local some, more, rest =
    listed(credentials), listed(applications), listed(consumers)
  for slot = 1, count do
    if
      fields[slot] ~= 0
      and (
        is_among(slot, CREDENTIAL, credentials, some)
        or is_among(slot, APPLICATION, applications, more)
        or is_among(slot, CONSUMER, consumers, rest)
      )
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
