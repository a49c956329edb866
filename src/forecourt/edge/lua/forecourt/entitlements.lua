--- What this worker remembers of credentials: few, flat, reused objects.
-- An entitlement is a slot: the same index into every array below. At most
-- CAPACITY are remembered; then the one that was not used for longest, nearly
-- (the clock algorithm), makes room.
local ffi = require("ffi")

local _M = {}

local CAPACITY = 50000
_M.CAPACITY = CAPACITY

-- Garbage is collected when four times as much is in use as after the last
-- time: with many slots a collection costs more than memory does.
collectgarbage("setpause", 400)

-- Until when an answer is fresh, may be used while nobody answers, and counts.
_M.fresh = ffi.new("double[?]", CAPACITY + 1)
_M.grace = ffi.new("double[?]", CAPACITY + 1)
_M.expires = ffi.new("double[?]", CAPACITY + 1)
local used = ffi.new("uint8_t[?]", CAPACITY + 1)

_M.kind = {}
_M.credential = {}
_M.application = {}
_M.consumer = {}
_M.audience = {}
_M.bucket = {}
_M.rung = {}
_M.cost = {}
-- How problems read to the caller -> the mark of its admitted requests.
_M.marks = {}
-- API -> true, or a set of versions; false: every API that the audience sees.
_M.grants = {}
_M.scopes = {}
_M.features = {}
_M.subject = {}
-- "api version" -> epoch; false where nothing was agreed.
_M.sunsets = {}
_M.needs_certificate = {}

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

local function forget(slot)
  local field = fields[slot]
  if field then
    index[field][values[slot]] = nil
    fields[slot], values[slot] = false, false
    _M.fresh[slot], _M.grace[slot], _M.expires[slot] = 0, 0, 0
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

-- Callers on the same terms share their marks, however many they are.
local shared = setmetatable({}, { __mode = "v" })

-- A mark says what forecourt.answer must know of an admitted request: the
-- caller's limit, and how problems read to it.
local function marks_of(cost, limit, capacity)
  local terms = ("yes %s %s %s "):format(cost, limit, capacity)
  local marks = shared[terms]
  if not marks then
    marks = {
      constant = terms .. "constant",
      sanitised = terms .. "sanitised",
      detailed = terms .. "detailed",
    }
    shared[terms] = marks
  end
  return marks
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
  _M.fresh[slot] = math.min(now + answer.fresh, answer.expires)
  _M.grace[slot] = math.min(_M.fresh[slot] + answer.grace, answer.expires)
  _M.expires[slot] = answer.expires
  _M.kind[slot] = answer.kind
  _M.credential[slot] = answer.credential
  _M.application[slot] = answer.application
  _M.consumer[slot] = answer.consumer
  _M.audience[slot] = answer.audience
  _M.bucket[slot] = answer.bucket
  _M.rung[slot] = answer.rung
  _M.cost[slot] = answer.cost
  _M.marks[slot] = marks_of(answer.cost, answer.limit, answer.capacity)
  _M.grants[slot] = answer.grants
  _M.scopes[slot] = answer.scopes
  _M.features[slot] = answer.features
  _M.subject[slot] = answer.subject
  _M.sunsets[slot] = answer.sunsets
  _M.needs_certificate[slot] = answer.needs_certificate
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
    if
      credentials[_M.credential[slot]]
      or applications[_M.application[slot]]
      or consumers[_M.consumer[slot]]
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

return _M
