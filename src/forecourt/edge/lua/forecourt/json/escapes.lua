--- Texts with escapes, decoded behind the body (RFC 8259, section 7). Half of a
-- surrogate pair is no character, so it is refused.
local ffi = require("ffi")
local bit = require("bit")

local memory = require("forecourt.json.memory")

local C = ffi.C
local bytes = memory.bytes
local octets = ffi.typeof("const uint8_t *")
local band, bor, rshift = bit.band, bit.bor, bit.rshift

local _M = {}

local SIMPLE = ffi.new("uint8_t[256]")
for letter, meaning in ("\"\"\\\\//b\bf\fn\nr\rt\t"):gmatch("(.)(.)") do
  SIMPLE[letter:byte()] = meaning:byte()
end

-- The value of a hexadecimal digit, or a bit that no four of them have.
local NO_DIGIT = 0x10000
local HEX = ffi.new("int32_t[256]")
for byte = 0, 255 do
  HEX[byte] = tonumber(string.char(byte), 16) or NO_DIGIT
end

-- The unit of UTF-16 at four digits; NO_DIGIT or more where they are none.
local function unit(at)
  local a, b, c, d =
    HEX[bytes[at]], HEX[bytes[at + 1]], HEX[bytes[at + 2]], HEX[bytes[at + 3]]
  if band(bor(a, b, c, d), NO_DIGIT) ~= 0 then
    return NO_DIGIT
  end
  return a * 4096 + b * 256 + c * 16 + d
end

local function write(out, code)
  if code < 0x80 then
    bytes[out] = code
    return out + 1
  elseif code < 0x800 then
    bytes[out] = bor(0xC0, rshift(code, 6))
    bytes[out + 1] = bor(0x80, band(code, 63))
    return out + 2
  elseif code < 0x10000 then
    bytes[out] = bor(0xE0, rshift(code, 12))
    bytes[out + 1] = bor(0x80, band(rshift(code, 6), 63))
    bytes[out + 2] = bor(0x80, band(code, 63))
    return out + 3
  end
  bytes[out] = bor(0xF0, rshift(code, 18))
  bytes[out + 1] = bor(0x80, band(rshift(code, 12), 63))
  bytes[out + 2] = bor(0x80, band(rshift(code, 6), 63))
  bytes[out + 3] = bor(0x80, band(code, 63))
  return out + 4
end

-- The place after the escape that begins at `i`, and after what it means.
local function decode_one(i, out)
  local letter = bytes[i + 1]
  if letter ~= 117 then
    local meaning = SIMPLE[letter]
    if meaning == 0 then
      return nil, "escape"
    end
    bytes[out] = meaning
    return i + 2, out + 1
  end
  local code = unit(i + 2)
  if code >= NO_DIGIT then
    return nil, "escape"
  end
  i = i + 6
  if code >= 0xD800 and code < 0xE000 then
    local low = NO_DIGIT
    if code < 0xDC00 and bytes[i] == 92 and bytes[i + 1] == 117 then
      low = unit(i + 2)
    end
    if low < 0xDC00 or low > 0xDFFF then
      return nil, "surrogate"
    end
    code = 0x10000 + (code - 0xD800) * 1024 + (low - 0xDC00)
    i = i + 6
  end
  return i, write(out, code)
end

--- Decodes the text between two places, the first escape of which is known.
-- @tparam number i      where it begins
-- @tparam number to     its closing quote
-- @tparam number out    where to write
-- @treturn number|nil   the place after what was written
-- @treturn string|nil   why not: "escape" or "surrogate"
function _M.decode(i, to, out)
  while i < to do
    local found = C.memchr(bytes + i, 92, to - i)
    local plain = to
    if found ~= nil then
      plain = tonumber(ffi.cast(octets, found) - bytes)
    end
    ffi.copy(bytes + out, bytes + i, plain - i)
    out = out + plain - i
    i = plain
    if i < to then
      local after, written = decode_one(i, out)
      if not after then
        return nil, written
      end
      i, out = after, written
    end
  end
  return out
end

return _M
