--- Which bytes a body is made of, looked at once, before anything else. Loops
-- here run over all of it and decide nothing inside: they stay compiled.
local ffi = require("ffi")
local bit = require("bit")

local memory = require("forecourt.json.memory")

local C = ffi.C
local band, bor, bnot, bxor = bit.band, bit.bor, bit.bnot, bit.bxor
local rshift = bit.rshift

local _M = {}

-- A word of four bytes, each of them this one.
local HIGH = bit.tobit(0x80808080)
local LOW = 0x7F7F7F7F
local BELOW_SPACE = 0x60606060 -- with seven bits of a byte: carries from 0x20
local TABS, LINES, RETURNS = 0x09090909, 0x0A0A0A0A, 0x0D0D0D0D

local words = ffi.typeof("const int32_t *")
local bytes = memory.bytes

-- A high bit where a byte of the word is zero, exactly (Hacker's Delight, 6-1).
local function zero(word)
  return bnot(bor(band(word, LOW) + LOW, word, LOW))
end

-- Whether the words hold a control character that JSON knows nowhere.
local function has_foreign_control(word, count)
  local found = 0
  for i = 0, count do
    local x = word[i]
    local control = band(bnot(bor(band(x, LOW) + BELOW_SPACE, x)), HIGH)
    local known = bor(
      zero(bxor(x, TABS)),
      zero(bxor(x, LINES)),
      zero(bxor(x, RETURNS))
    )
    found = bor(found, band(control, bnot(known)))
  end
  return found ~= 0
end

-- UTF-8 as a table, a row a state (RFC 3629, section 4); a state is named by
-- where its row begins. 0: between characters; 8: none can follow. 1, 2, 3:
-- so many bytes of 80..BF are missing; 4, 5, 6, 7: after E0, ED, F0, F4, whose
-- second byte is narrower.
local step = ffi.new("int32_t[?]", 9 * 256)
do
  local function range(state, first, last, into)
    for byte = first, last do
      step[state * 256 + byte] = into * 256
    end
  end
  range(0, 0x00, 0x7F, 0)
  for state = 0, 8 do
    range(state, state == 0 and 0x80 or 0x00, 0xFF, 8)
  end
  range(0, 0xC2, 0xDF, 1)
  range(0, 0xE0, 0xEF, 2)
  range(0, 0xE0, 0xE0, 4)
  range(0, 0xED, 0xED, 5)
  range(0, 0xF0, 0xF4, 3)
  range(0, 0xF0, 0xF0, 6)
  range(0, 0xF4, 0xF4, 7)
  range(1, 0x80, 0xBF, 0)
  range(2, 0x80, 0xBF, 1)
  range(3, 0x80, 0xBF, 2)
  range(4, 0xA0, 0xBF, 1)
  range(5, 0x80, 0x9F, 1)
  range(6, 0x90, 0xBF, 2)
  range(7, 0x80, 0x8F, 2)
end

-- What is past the end reads as spaces, so an unfinished character shows.
local function is_utf8(word, count)
  local state = 0
  for i = 0, count do
    local x = word[i]
    if bor(band(x, HIGH), state) ~= 0 then
      state = step[bor(state, band(x, 255))]
      state = step[bor(state, band(rshift(x, 8), 255))]
      state = step[bor(state, band(rshift(x, 16), 255))]
      state = step[bor(state, rshift(x, 24))]
    end
  end
  return state == 0
end

--- What is true of the last body that was looked at.
_M.is_ascii = true
_M.has_escapes = false
_M.has_tabs = false
_M.has_lines = false
_M.has_returns = false

--- Looks at the body that memory holds.
-- @tparam number size   its bytes
-- @treturn boolean      whether it can be JSON so far
-- @treturn string|nil   why not: "control" or "utf8"
function _M.survey(size)
  local word = ffi.cast(words, bytes)
  local count = rshift(size - 1, 2)
  -- What is past the end is zero, which is a control character: made a space.
  local high, control = 0, 0
  for i = size, count * 4 + 3 do
    bytes[i] = 32
  end
  for i = 0, count do
    local x = word[i]
    high = bor(high, x)
    control = bor(control, bnot(bor(band(x, LOW) + BELOW_SPACE, x)))
  end
  _M.is_ascii = band(high, HIGH) == 0
  _M.has_escapes = C.memchr(bytes, 92, size) ~= nil
  _M.has_tabs, _M.has_lines, _M.has_returns = false, false, false
  local is_sound, reason = true, nil
  if band(control, HIGH) ~= 0 then
    _M.has_tabs = C.memchr(bytes, 9, size) ~= nil
    _M.has_lines = C.memchr(bytes, 10, size) ~= nil
    _M.has_returns = C.memchr(bytes, 13, size) ~= nil
    if has_foreign_control(word, count) then
      is_sound, reason = false, "control"
    end
  end
  if is_sound and not _M.is_ascii and not is_utf8(word, count) then
    is_sound, reason = false, "utf8"
  end
  for i = size, count * 4 + 3 do
    bytes[i] = 0
  end
  return is_sound, reason
end

-- 1 for a byte that begins a character.
local begins = ffi.new("uint8_t[256]")
for byte = 0, 255 do
  begins[byte] = (byte < 0x80 or byte > 0xBF) and 1 or 0
end

--- How many characters (code points) stand between two places.
function _M.count(from, to)
  local characters = 0
  for i = from, to - 1 do
    characters = characters + begins[bytes[i]]
  end
  return characters
end

return _M
