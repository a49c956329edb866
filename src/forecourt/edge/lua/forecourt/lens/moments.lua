--- Moments: seconds or milliseconds since 1970, and dates and times of RFC
-- 3339. A leap second has no number.
local digits = require("forecourt.lens.digits")

local floor, match, tonumber = math.floor, string.match, tonumber

local _M = {}

-- The years of RFC 3339, from 0001 to 9999, in seconds.
local FIRST, LAST = -62135596800, 253402300799

-- Days of a civil date since 1970, and back, after H. Hinnant's algorithms
-- (https://howardhinnant.github.io/date_algorithms.html).
local function days_of(year, month, day)
  year = month <= 2 and year - 1 or year
  local era = floor(year / 400)
  local of_era = year - era * 400
  local shifted = (month + 9) % 12
  local of_year = floor((153 * shifted + 2) / 5) + day - 1
  local in_era = of_era * 365 + floor(of_era / 4) - floor(of_era / 100)
  return era * 146097 + in_era + of_year - 719468
end

local function date_of(days)
  days = days + 719468
  local era = floor(days / 146097)
  local of_era = days - era * 146097
  local years = floor(
    (
      of_era
      - floor(of_era / 1460)
      + floor(of_era / 36524)
      - floor(of_era / 146096)
    ) / 365
  )
  local of_year = of_era
    - (365 * years + floor(years / 4) - floor(years / 100))
  local shifted = floor((5 * of_year + 2) / 153)
  local day = of_year - floor((153 * shifted + 2) / 5) + 1
  local month = shifted < 10 and shifted + 3 or shifted - 9
  local year = years + era * 400
  return month <= 2 and year + 1 or year, month, day
end

--- A number of seconds, or parts of them, as date and time.
-- @tparam string written     a number of JSON
-- @tparam number a_second    1, or 1000 for milliseconds
-- @treturn string|nil        nil: it is no whole number, or outside the years
function _M.date_time(written, a_second)
  local sign, whole = digits.whole(written)
  if not sign or #whole > 15 then
    return nil
  end
  local moment = tonumber(sign .. whole)
  local seconds = floor(moment / a_second)
  local rest = moment - seconds * a_second
  if seconds < FIRST or seconds > LAST then
    return nil
  end
  local days = floor(seconds / 86400)
  local second = seconds - days * 86400
  local year, month, day = date_of(days)
  local text = ("%04d-%02d-%02dT%02d:%02d:%02d"):format(
    year,
    month,
    day,
    floor(second / 3600),
    floor(second / 60) % 60,
    second % 60
  )
  return text .. (rest > 0 and (".%03d"):format(rest) or "") .. "Z"
end

-- Seconds that a zone is ahead of UTC; nil where it is none.
local function ahead(zone)
  if zone == "Z" or zone == "z" then
    return 0
  end
  local sign, hours, minutes = match(zone, "^([+-])(%d%d):(%d%d)$")
  hours, minutes = tonumber(hours), tonumber(minutes)
  if not sign or hours > 23 or minutes > 59 then
    return nil
  end
  return (hours * 3600 + minutes * 60) * (sign == "+" and 1 or -1)
end

local SHAPE = "^(%d%d%d%d)%-(%d%d)%-(%d%d)[Tt ]"
  .. "(%d%d):(%d%d):(%d%d)(%.?%d*)([Zz+-].*)$"

--- Date and time as a number of seconds, or parts of them.
-- @treturn string|nil  a number of JSON; nil: it is none, or more exact
function _M.number(text, a_second)
  local year, month, day, hour, minute, second, rest, zone =
    match(text, SHAPE)
  if not year or rest ~= "" and not match(rest, "^%.%d+$") then
    return nil
  end
  local y, m, d = tonumber(year), tonumber(month), tonumber(day)
  local h, n, s = tonumber(hour), tonumber(minute), tonumber(second)
  local offset = ahead(zone)
  if not offset or y < 1 or h > 23 or n > 59 or s > 59 then
    return nil
  end
  local days = days_of(y, m, d)
  local again_year, again_month, again_day = date_of(days)
  if again_year ~= y or again_month ~= m or again_day ~= d then
    return nil -- 30 February
  end
  local places = #tostring(a_second) - 1
  local part = rest:sub(2)
  if part:find("[^0]", places + 1) then
    return nil
  end
  part = part:sub(1, places)
  part = part .. ("0"):rep(places - #part)
  local seconds = days * 86400 + h * 3600 + n * 60 + s - offset
  return ("%.0f"):format(seconds * a_second + (tonumber(part) or 0))
end

return _M
