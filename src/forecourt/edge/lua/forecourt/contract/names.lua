--- Names that a contract knows, found by the hash of this worker's secret.
local ffi = require("ffi")
local bit = require("bit")

local keys = require("forecourt.json.keys")
local memory = require("forecourt.json.memory")

local C = ffi.C
local band = bit.band
local bytes = memory.bytes

local _M = {}

-- The size of a table for so many names: half of it stays empty.
local function table_size(count)
  local size = 2
  while size < 2 * count do
    size = size * 2
  end
  return size
end

_M.table_size = table_size

--- Whether bytes in memory are a text of the bundle.
-- @tparam number text  twice its number: where its place and size stand
function _M.is(bundle, text, from, size)
  return bundle.texts[text + 1] == size
    and C.memcmp(bundle.pool + bundle.texts[text], bytes + from, size) == 0
end

local is = _M.is

--- Puts names into a table.
-- @tparam table bundle   its `slots`, `slot_hash`, `texts` and `pool`
-- @tparam number first   the table's first slot
-- @tparam number count   how many names
-- @tparam number at      the place of the first name's entry among the words
-- @tparam number stride  words from one entry to the next
-- @treturn number        the mask of hashes for that table
function _M.fill(bundle, first, count, at, stride)
  local mask = table_size(count) - 1
  for n = 0, count - 1 do
    local entry = at + n * stride
    local name = bundle.words[entry]
    local from, size = bundle.texts[2 * name], bundle.texts[2 * name + 1]
    local hash = keys.hash(bundle.pool + from, size)
    local slot = band(hash, mask)
    while bundle.slots[first + slot] ~= 0 do
      slot = band(slot + 1, mask)
    end
    bundle.slots[first + slot] = entry
    bundle.slot_hash[first + slot] = hash
  end
  return mask
end

-- Past the first slot: another name stands there, or one of the same hash.
local function find_further(bundle, first, mask, hash, from, size)
  local slots = bundle.slots
  local slot = band(hash + 1, mask)
  local entry = slots[first + slot]
  while entry ~= 0 do
    if
      bundle.slot_hash[first + slot] == hash
      and is(bundle, 2 * bundle.words[entry], from, size)
    then
      return entry
    end
    slot = band(slot + 1, mask)
    entry = slots[first + slot]
  end
  return 0
end

--- The entry of a name, or 0.
-- @tparam number first  the table's first slot
-- @tparam number mask   as `fill` gave it
-- @tparam number hash   the name's
-- @tparam number from   where in memory the name begins
-- @tparam number size   its bytes
function _M.find(bundle, first, mask, hash, from, size)
  local slot = first + band(hash, mask)
  local entry = bundle.slots[slot]
  if entry == 0 then
    return 0
  elseif
    bundle.slot_hash[slot] == hash
    and is(bundle, 2 * bundle.words[entry], from, size)
  then
    return entry
  end
  return find_further(bundle, first, mask, hash, from, size)
end

return _M
