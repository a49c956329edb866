--- Whether a text fits a pattern or a format: one step a byte, whatever comes.
local memory = require("forecourt.json.memory")

local bytes = memory.bytes

local _M = {}

--- Whether a pattern is found in a text.
-- @tparam table bundle    whose pattern it is
-- @tparam number pattern  its number
-- @tparam number from     where the text begins
-- @tparam number to       the first byte after it
function _M.fits(bundle, pattern, from, to)
  local place = bundle.patterns + 3 * pattern
  local classes = bundle.pool + place[0]
  local rows = bundle.words + place[1]
  local state = 0
  for i = from, to - 1 do
    state = rows[state + classes[bytes[i]]]
  end
  return rows[state] == 1
end

local function two_digits(at)
  return (bytes[at] - 48) * 10 + bytes[at + 1] - 48
end

--- Whether the 60th second of a minute is the last of a day in UTC (RFC 3339,
-- section 5.7). The text is a time already.
-- @tparam number seconds  where its seconds stand
-- @tparam number to       the first byte after it
function _M.is_possible_second(seconds, to)
  if bytes[seconds] ~= 54 then
    return true
  end
  local minute = two_digits(seconds - 6) * 60 + two_digits(seconds - 3)
  local sign = bytes[to - 6]
  if bytes[to - 1] <= 57 then -- no Z
    local offset = two_digits(to - 5) * 60 + two_digits(to - 2)
    minute = minute + (sign == 43 and -offset or offset)
  end
  return minute % 1440 == 1439
end

return _M
