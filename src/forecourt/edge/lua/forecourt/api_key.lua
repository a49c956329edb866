--- Whether a text can be an API key at all; what cannot never leaves the edge.
-- The form is that of forecourt.actions.api_key: a prefix, 27 characters, and a
-- checksum of 6: CRC-32 of all before it, in base 62.
local bit = require("bit")

local band, bxor, rshift = bit.band, bit.bxor, bit.rshift

local LENGTH = 8 + 27 + 6
local DIGITS =
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

local crc_table = {}
for i = 0, 255 do
  local c = i
  for _ = 1, 8 do
    if band(c, 1) == 1 then
      c = bxor(rshift(c, 1), 0xEDB88320)
    else
      c = rshift(c, 1)
    end
  end
  crc_table[i] = c
end

local function crc32(text)
  local c = 0xFFFFFFFF
  for i = 1, #text do
    c = bxor(rshift(c, 8), crc_table[band(bxor(c, text:byte(i)), 0xFF)])
  end
  return bxor(c, 0xFFFFFFFF) % 4294967296
end

local function base62(number, width)
  local digits = {}
  for i = width, 1, -1 do
    local digit = number % 62
    digits[i] = DIGITS:sub(digit + 1, digit + 1)
    number = (number - digit) / 62
  end
  return table.concat(digits)
end

local _M = {}

--- Whether it has the form of a key, checksum included.
function _M.is_well_formed(text)
  if #text ~= LENGTH or not text:find("^fc_%a%a%a%a_%w+$") then
    return false
  end
  local kind = text:sub(4, 7)
  if kind ~= "live" and kind ~= "test" then
    return false
  end
  return base62(crc32(text:sub(1, -7)), 6) == text:sub(-6)
end

return _M
