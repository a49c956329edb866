--- Keys of objects: a hash that nobody outside can predict, and duplicates.
local ffi = require("ffi")
local bit = require("bit")

local memory = require("forecourt.json.memory")

local C = ffi.C
local bytes = memory.bytes
local from, to, hashes = memory.from, memory.to, memory.hash
local band, bxor, rshift, tobit = bit.band, bit.bxor, bit.rshift, bit.tobit
-- Unsigned, and so is all below: what becomes of a negative number that is
-- multiplied by a `uint64_t` is not the same in compiled code everywhere.
local words = ffi.typeof("const uint32_t *")
local LOWER = 0xFFFFFFFFULL

local _M = {}

-- Secret factors, new in each worker. The sum of each word times a factor of
-- its own, its upper half taken, is universal: for any two keys the chance of
-- one hash is 2^-31, whoever chose them (Dietzfelbinger, multiply-shift,
-- 1996), so a body cannot be written to be slow.
local FACTORS = 72
local factor = ffi.new("uint64_t[?]", FACTORS)
do
  local file = assert(io.open("/dev/urandom", "rb"))
  local secret = file:read(8 * FACTORS)
  file:close()
  assert(secret and #secret == 8 * FACTORS, "no secret for keys")
  ffi.copy(factor, secret, 8 * FACTORS)
end
local A, B, D, E, F = factor[0], factor[1], factor[2], factor[3], factor[4]

-- More than sixteen bytes: 256 at a time, the sum so far going on as words.
local function hash_long(memory_at, size)
  local sum = F * size
  local i = 0
  while i < size do
    sum = D * rshift(sum, 32) + E * band(sum, LOWER)
    local last = math.min(size, i + 256) - 4
    local k = 5
    while i < last do
      sum = sum + factor[k] * ffi.cast(words, memory_at + i)[0]
      i = i + 4
      k = k + 1
    end
    sum = sum + factor[k] * ffi.cast(words, memory_at + last)[0]
    i = last + 4
  end
  return tobit(rshift(sum, 32))
end

--- The hash of bytes in memory: equal bytes, equal hash.
-- @tparam cdata memory_at  where they begin; readable for 4 bytes at least
-- @tparam number size      how many
-- @treturn number          32 bits, signed
function _M.hash(memory_at, size)
  if size < 4 then
    if size == 0 then
      return 0
    end
    local middle, last = memory_at[rshift(size, 1)], memory_at[size - 1]
    local word = memory_at[0] + middle * 256 + last * 65536
    return tobit(rshift(A * word + F * size, 32))
  end
  local head = ffi.cast(words, memory_at)[0]
  local tail = ffi.cast(words, memory_at + (size - 4))[0]
  local sum = A * head + B * tail + F * size
  if size > 8 then
    if size > 16 then
      return hash_long(memory_at, size)
    end
    local second = ffi.cast(words, memory_at + 4)[0]
    local third = ffi.cast(words, memory_at + (size - 8))[0]
    sum = sum + D * second + E * third
  end
  return tobit(rshift(sum, 32))
end

-- Keys of the body at hand, by object and hash. What another body left there is
-- told by `turn`, so nothing is emptied between two.
local SLOTS = 2 * memory.VALUES
local slot_key = memory.zeros("int32_t", SLOTS)
local slot_object = memory.zeros("int32_t", SLOTS)
local slot_turn = memory.zeros("int32_t", SLOTS)
local turn, mask = 0, 0

--- Begins a body that has at most so many keys.
function _M.begin(most)
  turn = turn + 1
  if turn == 0x7FFFFFFF then
    ffi.fill(slot_turn, 4 * SLOTS)
    turn = 1
  end
  local size = 64
  while size < 2 * most and size < SLOTS do
    size = size * 2
  end
  mask = size - 1
end

--- Takes a key of an object.
-- @tparam number key     its place on the tape; its hash stands there
-- @tparam number object  the object's
-- @treturn boolean       false: the object has that key already
function _M.take(key, object)
  local hash = hashes[key]
  local size = to[key] - from[key]
  -- One key in many objects stands in slots side by side, one in each object.
  local slot = band(bxor(hash, object), mask)
  while slot_turn[slot] == turn do
    local other = slot_key[slot]
    if
      slot_object[slot] == object
      and hashes[other] == hash
      and to[other] - from[other] == size
      and C.memcmp(bytes + from[other], bytes + from[key], size) == 0
    then
      return false
    end
    slot = band(slot + 1, mask)
  end
  slot_turn[slot] = turn
  slot_key[slot] = key
  slot_object[slot] = object
  return true
end

return _M
