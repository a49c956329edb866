--- Whole and decimal numbers by their digits: a point moves, and no number is
-- made of them, so that nothing is rounded.
local numbers = require("forecourt.json.numbers")

local find, match, rep, sub = string.find, string.match, string.rep, string.sub

local _M = {}

-- Who means a number has fewer digits.
local MOST = 1000

--- The digits of a whole number, without zeros before.
-- @tparam string written  a number of JSON
-- @treturn string|nil     "" or "-"; nil: it has a fraction, or is too long
-- @treturn string         digits; "0" for zero
function _M.whole(written)
  if #written <= MOST and find(written, "^[1-9]%d*$") then
    return "", written
  end
  local sign, digits, exponent = numbers.parts(written)
  if exponent < 0 or #digits + exponent > MOST then
    return nil
  elseif digits == "" then
    return "", "0"
  end
  return sign, digits .. rep("0", exponent)
end

--- Whether a text is a whole number, as JSON writes it without an exponent.
function _M.is_whole(text)
  return #text <= MOST + 1
    and (find(text, "^%-?[1-9]%d*$") ~= nil or text == "0")
end

--- Whether a text is a decimal number, likewise.
function _M.is_decimal(text)
  local whole, rest = match(text, "^%-?(%d+)(.*)$")
  if not whole or #whole > MOST or find(whole, "^0%d") then
    return false
  end
  return rest == "" or #rest <= MOST + 1 and find(rest, "^%.%d+$") ~= nil
end

--- A whole number with a point before its last digits.
-- @tparam string written     a number of JSON
-- @tparam number places      how many digits stand after the point
-- @treturn string|nil        nil: it is no whole number
function _M.with_point(written, places)
  local sign, digits = _M.whole(written)
  if not sign then
    return nil
  elseif places == 0 then
    return sign .. digits
  elseif #digits <= places then
    digits = rep("0", places - #digits + 1) .. digits
  end
  local cut = #digits - places
  return sign .. sub(digits, 1, cut) .. "." .. sub(digits, cut + 1)
end

--- A decimal number without its point: a whole number, of which so many digits
-- stood after it.
-- @treturn string|nil  nil: it is none, or has more digits there than zeros
function _M.without_point(text, places)
  if not _M.is_decimal(text) then
    return nil
  end
  local sign, whole, fraction = match(text, "^(%-?)(%d+)%.?(%d*)$")
  if find(fraction, "[^0]", places + 1) then
    return nil
  end
  fraction = sub(fraction, 1, places)
  local digits = whole .. fraction .. rep("0", places - #fraction)
  digits = match(digits, "^0*(%d+)$")
  return (digits == "0" and "" or sign) .. digits
end

return _M
