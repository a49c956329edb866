--- Judges texts and numbers, and whether a value is one of some.
local canonical = require("forecourt.json.canonical").of
local characters = require("forecourt.json.characters")
local faults = require("forecourt.contract.faults")
local hash = require("forecourt.json.keys").hash
local layout = require("forecourt.contract.layout")
local memory = require("forecourt.json.memory")
local names = require("forecourt.contract.names")
local numbers = require("forecourt.json.numbers")
local pending = require("forecourt.contract.pending")
local text = require("forecourt.contract.bundle").text
local texts = require("forecourt.contract.texts")

local bytes, kind = memory.bytes, memory.kind
local from, to = memory.from, memory.to
local STRING, INTEGER = memory.STRING, memory.INTEGER
local abs = math.abs
local fail = pending.fail

local _M = {}

-- Below this a double is every integer exactly.
local EXACT = 2 ^ 53

-- Longer numbers are compared as they are written.
local LONG = 300

--- Judges a text by a section about texts.
-- @tparam table bundle      the contract
-- @tparam number section    where its words are
-- @tparam number entry      the text, on the tape
function _M.judge_string(bundle, section, entry)
  local words = bundle.words
  local first, last = from[entry], to[entry]
  local least, most = words[section], words[section + 1]
  if least > 0 or most >= 0 then
    local length = last - first
    if not characters.is_ascii or characters.has_escapes then
      length = characters.count(first, last)
    end
    if length < least then
      fail(entry, faults.minLength, least)
    elseif most >= 0 and length > most then
      fail(entry, faults.maxLength, most)
    end
  end
  local pattern = words[section + 2]
  if pattern >= 0 and not texts.fits(bundle, pattern, first, last) then
    fail(entry, faults.pattern, words[section + 3])
  end
  local form = words[section + 4]
  if form >= 0 then
    local seconds = words[section + 5]
    if
      not texts.fits(bundle, form, first, last)
      or seconds >= 0
        and not texts.is_possible_second(first + seconds, last)
    then
      fail(entry, faults.format, words[section + 6])
    end
  end
end

local RULE_OF = {
  [layout.MINIMUM] = faults.minimum,
  [layout.MAXIMUM] = faults.maximum,
  [layout.EXCLUSIVE_MINIMUM] = faults.exclusiveMinimum,
  [layout.EXCLUSIVE_MAXIMUM] = faults.exclusiveMaximum,
}

-- Negative, zero or positive, as of the number less its bound.
local function against(bundle, entry, value, comparison)
  local words = bundle.words
  local bound = bundle.doubles[words[comparison + 1]]
  if value < bound then
    return -1
  elseif value > bound then
    return 1
  elseif
    words[comparison + 3] == 1
    and kind[entry] == INTEGER
    and abs(value) < EXACT
  then
    return 0
  end
  -- Equal as doubles, or not known: as they are written, then.
  return numbers.compare(
    memory.text(from[entry], to[entry]),
    text(bundle, words[comparison + 2])
  )
end

local function is_multiple(bundle, entry, value, comparison)
  local words = bundle.words
  local factor, exponent = words[comparison + 1], words[comparison + 3]
  if kind[entry] == INTEGER and abs(value) < EXACT then
    if exponent == 0 then
      return value % factor == 0
    elseif factor == 1 and exponent < 0 then
      return true
    end
  end
  local written = memory.text(from[entry], to[entry])
  return numbers.is_multiple(written, factor, exponent)
end

local function comparison_holds(bundle, entry, value, comparison)
  local operation = bundle.words[comparison]
  if operation == layout.MULTIPLE then
    return is_multiple(bundle, entry, value, comparison)
  end
  local side = against(bundle, entry, value, comparison)
  if operation == layout.MINIMUM then
    return side >= 0
  elseif operation == layout.MAXIMUM then
    return side <= 0
  elseif operation == layout.EXCLUSIVE_MINIMUM then
    return side > 0
  end
  return side < 0
end

local function judge_comparison(bundle, entry, value, comparison)
  if not comparison_holds(bundle, entry, value, comparison) then
    local words = bundle.words
    local rule = RULE_OF[words[comparison]] or faults.multipleOf
    fail(entry, rule, words[comparison + 2])
  end
end

--- Judges a number by a section about numbers.
function _M.judge_number(bundle, section, entry)
  local words = bundle.words
  -- Not a number: no comparison of doubles says anything about it.
  local value = 0 / 0
  if to[entry] - from[entry] < LONG then
    value = numbers.double(from[entry])
  end
  -- One or two comparisons are the rule, and a loop that mostly ends at once
  -- is given up by the compiler.
  local count = words[section]
  judge_comparison(bundle, entry, value, section + 1)
  if count > 1 then
    judge_comparison(bundle, entry, value, section + 5)
    for i = 3, count do
      judge_comparison(bundle, entry, value, section + 4 * i - 3)
    end
  end
end

--- Whether a value is one of those that a section lists.
function _M.is_among(bundle, section, entry)
  local words = bundle.words
  if kind[entry] == STRING then
    local count = words[section + 2]
    if count == 0 then
      return false
    end
    local first, size = from[entry], to[entry] - from[entry]
    local found = names.find(
      bundle,
      words[section + 9],
      words[section + 10],
      hash(bytes + first, size),
      first,
      size
    )
    return found ~= 0
  end
  local count, at = words[section + 4], words[section + 5]
  if count == 0 then
    return false
  end
  local own = canonical(entry)
  for i = at, at + count - 1 do
    if text(bundle, words[i]) == own then
      return true
    end
  end
  return false
end

--- Says that a value is none of those that a section lists.
function _M.fail_choice(bundle, section, entry)
  local words = bundle.words
  local rule = words[section] == 1 and faults.const or faults.enum
  fail(entry, rule, words[section + 1])
end

--- Judges whether a value is one of those that a section lists.
function _M.judge_choice(bundle, section, entry)
  if not _M.is_among(bundle, section, entry) then
    _M.fail_choice(bundle, section, entry)
  end
end

return _M
