--- What becomes of a body: values that are spans of it, or made of others. A
-- slot is one value, and the member or item that it is. Slots are numbers from
-- 1; 0 is none. All of it is flat memory, and gone with the next body.
local ffi = require("ffi")

local memory = require("forecourt.json.memory")
local texts = require("forecourt.lens.texts")

local C = ffi.C
local bytes, hashes = memory.bytes, memory.hash
local tape_kind, next_of = memory.kind, memory.next
local from, to = memory.from, memory.to
local OBJECT, ARRAY = memory.OBJECT, memory.ARRAY
local zeros = memory.zeros

local _M = {}

local ROOM = memory.VALUES

-- `entry`: the span of the tape that the value is; -1 where it is made of
-- parts. `kind`: one of memory's. `first`, `last`: its parts; `after`: the next
-- part of what it is in. `key`: the entry of its name; -1 of what is no member.
-- `origin`: the entry of the body from which it comes.
local entry = zeros("int32_t", ROOM)
local kind = zeros("int32_t", ROOM)
local first = zeros("int32_t", ROOM)
local last = zeros("int32_t", ROOM)
local after = zeros("int32_t", ROOM)
local key = zeros("int32_t", ROOM)
local origin = zeros("int32_t", ROOM)

_M.entry, _M.kind, _M.first, _M.after = entry, kind, first, after
_M.key, _M.origin = key, origin

local count = 0
local is_full = false

local has_grown = false

local function new(entry_of, kind_of, key_of, from_entry)
  if count + 1 >= ROOM then
    is_full = true
    return 0
  end
  count = count + 1
  entry[count], kind[count], key[count] = entry_of, kind_of, key_of
  first[count], last[count], after[count] = 0, 0, 0
  origin[count] = from_entry
  return count
end

--- Begins a body that was read: the slot of all of it.
-- @tparam number entries  how many it has on the tape
-- @tparam number size     its bytes
function _M.begin(entries, size)
  count, is_full, has_grown = 0, false, false
  texts.begin(entries, size)
  return new(0, tape_kind[0], -1, 0)
end

--- Whether there was not room enough: then nothing is to be made of the body.
function _M.is_full()
  return is_full or texts.is_full()
end

--- Whether something may be deeper, or have more members, than the body had.
function _M.has_grown()
  return has_grown
end

--- Says that something may have become deeper, or larger by members.
local function grow()
  has_grown = true
end

--- Puts a part behind all others.
local function append(slot, part)
  if slot == 0 or part == 0 then
    return
  end
  after[part] = 0
  if first[slot] == 0 then
    first[slot] = part
  else
    after[last[slot]] = part
  end
  last[slot] = part
end

local function open_object(slot, span)
  local i, stop = span + 1, next_of[span]
  while i < stop do
    append(slot, new(i + 1, tape_kind[i + 1], i, i + 1))
    i = next_of[i + 1]
  end
end

local function open_array(slot, span)
  local i, stop = span + 1, next_of[span]
  while i < stop do
    append(slot, new(i, tape_kind[i], -1, i))
    i = next_of[i]
  end
end

--- Makes of an array or object that is a span one that is made of its parts.
local function open(slot)
  local span = entry[slot]
  if span < 0 then
    return
  end
  entry[slot] = -1
  if kind[slot] == OBJECT then
    open_object(slot, span)
  else
    open_array(slot, span)
  end
end

local function is_key(number, name)
  return hashes[number] == name.hash
    and to[number] - from[number] == name.size
    and C.memcmp(bytes + from[number], name.text, name.size) == 0
end

--- A member of an object that is made of its parts.
-- @tparam number slot
-- @tparam table name  as forecourt.lens.texts makes it
-- @treturn number     its slot; 0: there is none
-- @treturn number     that of the member before it
local function find(slot, name)
  local before, part = 0, first[slot]
  while part ~= 0 do
    if is_key(key[part], name) then
      return part, before
    end
    before, part = part, after[part]
  end
  return 0, 0
end

--- Takes a part out.
-- @tparam number before  the part before it; 0: it is the first
local function unlink(slot, part, before)
  if before == 0 then
    first[slot] = after[part]
  else
    after[before] = after[part]
  end
  if last[slot] == part then
    last[slot] = before
  end
  after[part] = 0
end

--- Takes a member out; nothing where there is none.
-- @treturn number  its slot, or 0
local function take(slot, name)
  local part, before = find(slot, name)
  if part ~= 0 then
    unlink(slot, part, before)
  end
  return part
end

--- Gives a slot another's value; where it stands, and from what it comes,
-- stays.
local function become(slot, other)
  entry[slot], kind[slot] = entry[other], kind[other]
  first[slot], last[slot] = first[other], last[other]
end

--- Makes a value a scalar that stands on the tape.
function _M.set(slot, number)
  entry[slot], kind[slot] = number, tape_kind[number]
  first[slot], last[slot] = 0, 0
end

--- A copy of a value, in a slot of its own.
function _M.copy(slot)
  local other = new(entry[slot], kind[slot], -1, origin[slot])
  first[other], last[other] = first[slot], last[slot]
  return other
end

--- Makes a value an object or array without parts.
function _M.empty(slot, kind_of)
  entry[slot], kind[slot] = -1, kind_of
  first[slot], last[slot] = 0, 0
end

--- A new member or item, the last one, that is a scalar on the tape.
function _M.add(slot, number, key_of, from_entry)
  local part = new(number, tape_kind[number], key_of, from_entry)
  append(slot, part)
  return part
end

--- A value that a lens brings.
-- @tparam table constant  `kind`, with `text` and `means`, `members` or `items`
local function constant(slot, given, key_of, from_entry)
  local part = 0
  if given.members or given.items then
    part = new(-1, given.kind, key_of, from_entry)
    for _, member in ipairs(given.members or {}) do
      constant(part, member[2], texts.key(member[1]), from_entry)
    end
    for _, item in ipairs(given.items or {}) do
      constant(part, item, -1, from_entry)
    end
  else
    local number = texts.add(given.kind, given.text, given.means)
    part = new(number, given.kind, key_of, from_entry)
  end
  append(slot, part)
  return part
end

--- Makes a value one that a lens brings.
function _M.bring(slot, given)
  local holder = new(-1, ARRAY, -1, origin[slot])
  become(slot, constant(holder, given, -1, origin[slot]))
  has_grown = true
end

_M.open, _M.find, _M.take, _M.unlink = open, find, take, unlink
_M.append, _M.become, _M.grow, _M.new = append, become, grow, new
_M.constant = constant
_M.OBJECT, _M.ARRAY = OBJECT, ARRAY

return _M
