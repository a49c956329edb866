--- Names that a contract knows, found by the hash of this worker's secret. Each
-- stands in one of two slots (Pagh and Rodler, Cuckoo hashing, 2001), so that
-- looking one up is no loop: one that mostly ends at once is given up by the
-- compiler, with all that is around it.
local ffi = require("ffi")
local bit = require("bit")

local keys = require("forecourt.json.keys")
local memory = require("forecourt.json.memory")

local C = ffi.C
local band, rshift = bit.band, bit.rshift
local bytes = memory.bytes
local from, to, hashes = memory.from, memory.to, memory.hash

local _M = {}

-- A table in which names push each other about for longer is made larger.
local MOST_MOVES = 100

--- Whether bytes in memory are a text of the bundle.
-- @tparam number text  twice its number: where its place and size stand
function _M.is(bundle, text, from, size)
  return bundle.texts[text + 1] == size
    and C.memcmp(bundle.pool + bundle.texts[text], bytes + from, size) == 0
end

local is = _M.is

local function slots_of(hash, mask)
  return band(hash, mask), band(rshift(hash, 16), mask)
end

-- A table of hash -> entry by slot, or nil if that size is too small.
local function placed(entries, hashes, mask)
  local taken = {}
  for i = 1, #entries do
    local moving, slot = i, band(hashes[i], mask)
    for move = 1, MOST_MOVES do
      local other = taken[slot]
      taken[slot] = moving
      if not other then
        moving = nil
        break
      end
      local first, second = slots_of(hashes[other], mask)
      moving, slot = other, slot == first and second or first
      if move == MOST_MOVES then
        return nil
      end
    end
  end
  return taken
end

--- Finds places for names.
-- @tparam table bundle   its `words`, `texts` and `pool`
-- @tparam number count   how many names
-- @tparam number at      the place of the first name's entry among the words
-- @tparam number stride  words from one entry to the next
-- @treturn table         slot -> entry
-- @treturn table         slot -> hash
-- @treturn number        the mask of hashes: slots, less one
function _M.placed(bundle, count, at, stride)
  local entries, hashes = {}, {}
  for n = 0, count - 1 do
    local entry = at + n * stride
    local name = 2 * bundle.words[entry]
    local from, size = bundle.texts[name], bundle.texts[name + 1]
    entries[n + 1] = entry
    hashes[n + 1] = keys.hash(bundle.pool + from, size)
  end
  local size = 2
  while size < 2 * count do
    size = size * 2
  end
  local taken = placed(entries, hashes, size - 1)
  while not taken do
    size = size * 2
    taken = placed(entries, hashes, size - 1)
  end
  local by_slot, hash_by_slot = {}, {}
  for slot, i in pairs(taken) do
    by_slot[slot], hash_by_slot[slot] = entries[i], hashes[i]
  end
  return by_slot, hash_by_slot, size - 1
end

--- The entry of a name, or 0.
-- @tparam number first  the table's first slot
-- @tparam number mask   as `placed` gave it
-- @tparam number hash   the name's
-- @tparam number from   where in memory the name begins
-- @tparam number size   its bytes
function _M.find(bundle, first, mask, hash, from, size)
  local slot = first + band(hash, mask)
  if bundle.slot_hash[slot] ~= hash then
    slot = first + band(rshift(hash, 16), mask)
    if bundle.slot_hash[slot] ~= hash then
      return 0
    end
  end
  local entry = bundle.slots[slot]
  if entry ~= 0 and is(bundle, 2 * bundle.words[entry], from, size) then
    return entry
  end
  return 0
end

local find = _M.find

--- The entry of a member among those that an object's section names, or 0.
-- @tparam number section  the object's, or of what a reading hides of it
-- @tparam number key      the member's, on memory's tape
function _M.member(bundle, section, key)
  local words = bundle.words
  if words[section + 9] == 0 then
    return 0
  end
  local first, mask = words[section + 11], words[section + 12]
  local at = from[key]
  return find(bundle, first, mask, hashes[key], at, to[key] - at)
end

return _M
