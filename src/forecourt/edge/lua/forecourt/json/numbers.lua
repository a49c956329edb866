--- Numbers as they are written, exact: 12345678901234567890 and 1.10 are not
-- what a double makes of them.
local ffi = require("ffi")

local memory = require("forecourt.json.memory")

local C = ffi.C
local bytes = memory.bytes
local text = ffi.typeof("const char *")
local byte, sub, rep = string.byte, string.sub, string.rep

local _M = {}

local DIGITS = ffi.new("const char[11]", "0123456789")

local function digits(i)
  return tonumber(C.strspn(ffi.cast(text, bytes + i), DIGITS))
end

--- The end of the number that begins at a place (RFC 8259, section 6).
-- @tparam number i       where `-` or a digit stands
-- @treturn number|nil    the first byte after it; nil: it is none
-- @treturn boolean       whether it is written with `.` or `e`
function _M.finish(i)
  if bytes[i] == 45 then
    i = i + 1
  end
  local count = digits(i)
  if count == 0 or (bytes[i] == 48 and count > 1) then
    return nil
  end
  i = i + count
  local c = bytes[i]
  if c ~= 46 and c ~= 101 and c ~= 69 then
    return i, false
  end
  if c == 46 then
    count = digits(i + 1)
    if count == 0 then
      return nil
    end
    i = i + 1 + count
    c = bytes[i]
  end
  if c == 101 or c == 69 then
    c = bytes[i + 1]
    i = i + ((c == 43 or c == 45) and 2 or 1)
    count = digits(i)
    if count == 0 then
      return nil
    end
    i = i + count
  end
  return i, true
end

-- More digits than this in an exponent are as good as endless.
local ENDLESS = 1e15

local function exponent_of(written)
  if written == "" then
    return 0
  end
  local value = tonumber(written)
  return math.max(-ENDLESS, math.min(ENDLESS, value))
end

-- The text without zeros before and after, and how many stood after.
local function stripped(whole)
  local first, last = 1, #whole
  while first <= last and byte(whole, first) == 48 do
    first = first + 1
  end
  while last >= first and byte(whole, last) == 48 do
    last = last - 1
  end
  return sub(whole, first, last), #whole - last
end

--- A number in parts: its value is sign × digits × 10^exponent.
-- @tparam string written  a number of JSON
-- @treturn string         "" or "-"
-- @treturn string         digits, neither first nor last is 0; "" for zero
-- @treturn number         exponent
function _M.parts(written)
  local sign = byte(written) == 45 and "-" or ""
  local mark = written:find("[eE]")
  local mantissa = sub(written, #sign + 1, mark and mark - 1 or -1)
  local exponent = mark and exponent_of(sub(written, mark + 1)) or 0
  local point = mantissa:find(".", 1, true)
  if point then
    exponent = exponent - (#mantissa - point)
    mantissa = sub(mantissa, 1, point - 1) .. sub(mantissa, point + 1)
  end
  local significant, zeros = stripped(mantissa)
  if significant == "" then
    return "", "", 0
  end
  return sign, significant, exponent + zeros
end

local parts = _M.parts

--- One text for one value: 1, 1.0 and 10e-1 are the same.
function _M.canonical(written)
  local sign, significant, exponent = parts(written)
  return ("%s%se%d"):format(sign, significant, exponent)
end

--- Whether a number that is written with `.` or `e` is an integer.
function _M.is_integer(written)
  local _, _, exponent = parts(written)
  return exponent >= 0
end

local function compare_magnitude(a, a_exponent, b, b_exponent)
  local by_size = (#a + a_exponent) - (#b + b_exponent)
  if by_size ~= 0 then
    return by_size
  end
  local longest = math.max(#a, #b)
  a, b = a .. rep("0", longest - #a), b .. rep("0", longest - #b)
  return a < b and -1 or a > b and 1 or 0
end

--- Which of two numbers is larger: negative, zero or positive, as of a - b.
function _M.compare(a, b)
  local a_sign, a_digits, a_exponent = parts(a)
  local b_sign, b_digits, b_exponent = parts(b)
  local a_side = a_digits == "" and 0 or a_sign == "-" and -1 or 1
  local b_side = b_digits == "" and 0 or b_sign == "-" and -1 or 1
  if a_side ~= b_side or a_side == 0 then
    return a_side - b_side
  end
  return a_side * compare_magnitude(a_digits, a_exponent, b_digits, b_exponent)
end

local function power_of_ten(exponent, modulus)
  local result, base = 1 % modulus, 10 % modulus
  while exponent > 0 do
    if exponent % 2 == 1 then
      result = result * base % modulus
    end
    base = base * base % modulus
    exponent = math.floor(exponent / 2)
  end
  return result
end

--- Whether a number is a whole multiple of factor × 10^exponent.
-- @tparam string written    a number of JSON
-- @tparam number factor     an integer from 1 to 94906265: its square is exact
-- @tparam number exponent   of ten
function _M.is_multiple(written, factor, exponent)
  local _, significant, own = parts(written)
  if significant == "" then
    return true
  elseif own < exponent then
    -- The factor may hold the tens that are missing, the last digit none.
    return false
  end
  local rest = 0
  for i = 1, #significant do
    rest = (rest * 10 + byte(significant, i) - 48) % factor
  end
  return rest * power_of_ten(own - exponent, factor) % factor == 0
end

local ended = ffi.new("char *[1]")

--- A double near the number between two places, in the same order as numbers
-- are: where two doubles differ, so do the numbers, and likewise.
function _M.double(from)
  return C.strtod(ffi.cast(text, bytes + from), ended)
end

return _M
