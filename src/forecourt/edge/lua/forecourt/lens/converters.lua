--- Values in other units and spellings, exact, as
-- forecourt.contract.lenses.converters has them.
local digits = require("forecourt.lens.digits")
local loss = require("forecourt.lens.loss")
local memory = require("forecourt.json.memory")
local moments = require("forecourt.lens.moments")
local numbers = require("forecourt.json.numbers")
local texts = require("forecourt.lens.texts")
local values = require("forecourt.lens.values")

local entry, kind, origin = values.entry, values.kind, values.origin
local after, first = values.after, values.first
local text, from, to = memory.text, memory.from, memory.to
local INTEGER, FRACTION, STRING = memory.INTEGER, memory.FRACTION, memory.STRING
local BOOLEAN = memory.BOOLEAN
local find = string.find

local _M = {}

-- A scalar of that kind as it is written, or a text as what it means.
local function written(slot, of_kind)
  if kind[slot] ~= of_kind then
    return nil
  end
  local number = entry[slot]
  return text(from[number], to[number])
end

local function set_text(slot, means)
  if not means then
    return false
  end
  values.set(slot, texts.text(means))
  return true
end

-- A number that comes of it must be one that may.
local function set_number(step, slot, number)
  if
    not number
    or step.least and numbers.compare(number, step.least) < 0
    or step.most and numbers.compare(number, step.most) > 0
  then
    return false
  end
  local is_whole = numbers.is_integer(number)
  values.set(slot, texts.add(is_whole and INTEGER or FRACTION, number))
  return true
end

local VALUE, CURRENCY = texts.name("value"), texts.name("currency")

local function to_decimal(step, slot)
  local units = written(slot, INTEGER)
  return set_text(slot, units and digits.with_point(units, step.places))
end

local function of_decimal(step, slot)
  local value = written(slot, STRING)
  local units = value and digits.without_point(value, step.places)
  return set_number(step, slot, units)
end

local function to_money(step, slot)
  local units = written(slot, INTEGER)
  local decimal = units and digits.with_point(units, step.places)
  if not decimal then
    return false
  end
  local source = origin[slot]
  values.empty(slot, values.OBJECT)
  values.add(slot, texts.text(decimal), texts.key(VALUE), source)
  values.add(slot, texts.text(step.currency), texts.key(CURRENCY), source)
  values.grow()
  return true
end

local function of_money(step, slot)
  if kind[slot] ~= values.OBJECT then
    return false
  end
  values.open(slot)
  local one = first[slot]
  local other = one ~= 0 and after[one] or 0
  if other == 0 or after[other] ~= 0 then
    return false -- what else it says would be lost
  end
  local value, currency = values.find(slot, VALUE), values.find(slot, CURRENCY)
  if
    value == 0
    or currency == 0
    or written(currency, STRING) ~= step.currency
  then
    return false
  end
  local decimal = written(value, STRING)
  local units = decimal and digits.without_point(decimal, step.places)
  return set_number(step, slot, units)
end

local function to_date_time(step, slot)
  local number = written(slot, INTEGER)
  return set_text(slot, number and moments.date_time(number, step.a_second))
end

local function of_date_time(step, slot)
  local moment = written(slot, STRING)
  local number = moment and moments.number(moment, step.a_second)
  return set_number(step, slot, number)
end

local function to_thousand(step, slot)
  local sign, whole = digits.whole(written(slot, INTEGER) or "0.1")
  return sign ~= nil
    and set_number(step, slot, whole == "0" and "0" or sign .. whole .. "000")
end

local function of_thousand(step, slot)
  local sign, whole = digits.whole(written(slot, INTEGER) or "0.1")
  if sign and whole ~= "0" then
    whole = whole:match("^(%d+)000$")
  end
  return set_number(step, slot, sign and whole and sign .. whole)
end

local function integer_to_text(_, slot)
  local sign, whole = digits.whole(written(slot, INTEGER) or "0.1")
  return set_text(slot, sign and sign .. whole)
end

local function text_to_integer(step, slot)
  local number = written(slot, STRING)
  return number ~= nil
    and digits.is_whole(number)
    and set_number(step, slot, number)
end

local function number_to_text(_, slot)
  local number = written(slot, FRACTION) or written(slot, INTEGER)
  if number and not find(number, "[.eE]") then
    return integer_to_text(_, slot)
  end
  return number ~= nil and digits.is_decimal(number) and set_text(slot, number)
end

local function text_to_number(step, slot)
  local number = written(slot, STRING)
  return number ~= nil
    and digits.is_decimal(number)
    and set_number(step, slot, number)
end

local function boolean_to_text(_, slot)
  return set_text(slot, written(slot, BOOLEAN))
end

local function text_to_boolean(_, slot)
  local word = written(slot, STRING)
  if word ~= "true" and word ~= "false" then
    return false
  end
  values.set(slot, texts.add(BOOLEAN, word))
  return true
end

-- By name: there, and back.
local CONVERTERS = {
  ["minor_units-money"] = { to_money, of_money },
  ["minor_units-decimal"] = { to_decimal, of_decimal },
  ["unix_seconds-date_time"] = { to_date_time, of_date_time, 1 },
  ["unix_milliseconds-date_time"] = { to_date_time, of_date_time, 1000 },
  ["seconds-milliseconds"] = { to_thousand, of_thousand },
  ["integer-text"] = { integer_to_text, text_to_integer },
  ["number-text"] = { number_to_text, text_to_number },
  ["boolean-text"] = { boolean_to_text, text_to_boolean },
}

--- Readies a step: finds its converter, and what that needs.
-- @tparam table step  as forecourt.compiler.lenses.converters spells it
function _M.ready(step)
  local ways = assert(CONVERTERS[step.converter], "no such converter")
  step.way = step.is_back and ways[2] or ways[1]
  step.places = tonumber(step.digits)
  step.a_second = ways[3]
end

--- Converts.
-- @tparam table step   one that is ready
-- @tparam number slot
-- @treturn boolean     false: it is a loss
function _M.convert(step, slot)
  return step.way(step, slot)
    or loss.of(origin[slot], "convert", step.told)
end

return _M
