--- SipHash-2-4: a short keyed hash that nobody without the key can aim at
-- (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012).
local ffi = require("ffi")

local bxor, rol = bit.bxor, bit.rol
local copy, fill, floor = ffi.copy, ffi.fill, math.floor

local _M = {}

local FIRST, SECOND = 0x736f6d6570736575ULL, 0x646f72616e646f6dULL
local THIRD, FOURTH = 0x6c7967656e657261ULL, 0x7465646279746573ULL

-- A text as numbers of 64 bits, the last of which ends with its length.
local words = ffi.new("uint64_t[1]")

local function mixed(a, b, c, d)
  a, c = a + b, c + d
  b, d = bxor(rol(b, 13), a), bxor(rol(d, 16), c)
  a = rol(a, 32)
  c, a = c + b, a + d
  b, d = bxor(rol(b, 17), c), bxor(rol(d, 21), a)
  return a, b, rol(c, 32), d
end

--- The hash of a text.
-- @tparam cdata key     two numbers, uint64_t
-- @tparam string text
-- @treturn cdata  a uint64_t
function _M.hash(key, text)
  local a, b = bxor(key[0], FIRST), bxor(key[1], SECOND)
  local c, d = bxor(key[0], THIRD), bxor(key[1], FOURTH)
  local length = #text
  local last = floor(length / 8) * 8
  for from = 0, last, 8 do
    if from == last then
      fill(words, 8)
      words[0] = rol(ffi.cast("uint64_t", length % 256), 56)
    end
    copy(words, text:sub(from + 1, from + 8), math.min(length - from, 8))
    local word = words[0]
    d = bxor(d, word)
    a, b, c, d = mixed(a, b, c, d)
    a, b, c, d = mixed(a, b, c, d)
    a = bxor(a, word)
  end
  c = bxor(c, 0xffULL)
  for _ = 1, 4 do
    a, b, c, d = mixed(a, b, c, d)
  end
  return bxor(a, b, c, d)
end

return _M
