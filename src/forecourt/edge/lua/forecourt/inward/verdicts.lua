--- What a schema says of a value that came as a text.
local bit = require("bit")

local characters = require("forecourt.json.characters")
local faults = require("forecourt.contract.faults")
local judge = require("forecourt.contract.judge").judge
local layout = require("forecourt.contract.layout")
local memory = require("forecourt.json.memory")
local numbers = require("forecourt.json.numbers")
local reader = require("forecourt.json.reader")
local spelling = require("forecourt.inward.spelling")

local bytes, kind, next_of = memory.bytes, memory.kind, memory.next
local at, till, from, to = memory.at, memory.till, memory.from, memory.to
local hold, survey, finish = memory.hold, characters.survey, numbers.finish
local NULL, BOOLEAN, STRING = memory.NULL, memory.BOOLEAN, memory.STRING
local INTEGER, FRACTION = memory.INTEGER, memory.FRACTION
local band = bit.band

local _M = {}

--- Bytes that are no text, or not written as texts are.
_M.ENCODING = {
  { pointer = "", rule = "encoding", expected = "UTF-8, percent-encoded" },
}
local COMPLEX = { { pointer = "", rule = "complexity" } }

-- Puts a text on the tape as its only value; whether it is a text at all.
local function place(text)
  local size = #text
  hold(text)
  at[0], from[0], till[0], to[0] = 0, 0, size, size
  next_of[0] = 1
  if size == 0 then
    characters.is_ascii, characters.has_escapes = true, false
    return true
  end
  return (survey(size))
end

-- What the text on the tape spells: spelling.kind_of, without its patterns.
local function spelled(text)
  local first = bytes[0]
  if first == 45 or (first >= 48 and first <= 57) then
    local last, has_mark = finish(0)
    if last ~= #text then
      return STRING
    elseif has_mark and not numbers.is_integer(text) then
      return FRACTION
    end
    return INTEGER
  elseif text == "true" or text == "false" then
    return BOOLEAN
  elseif text == "null" or text == "" then
    return NULL
  end
  return STRING
end

--- Whether a text may come at all: UTF-8 without control characters.
function _M.is_text(text)
  return text == "" or place(text)
end

--- Judges a single text.
-- @tparam table bundle     of forecourt.contract.bundle
-- @tparam number schema    one that is judged exactly
-- @tparam string text      decoded
-- @tparam number admitted  the kinds that the schema may admit
-- @treturn boolean         whether it keeps the schema, in any way it is taken
-- @treturn table|nil       what is wrong: as forecourt.contract.faults has it
function _M.scalar(bundle, schema, text, admitted)
  if not place(text) then
    return false, _M.ENCODING
  elseif schema == layout.ANYTHING then
    return true
  end
  local own = spelled(text)
  kind[0] = spelling.first(own, admitted)
  local keeps = judge(bundle, schema, 1)
  if keeps then
    return true
  end
  local wrong = keeps == false and faults.list(bundle) or COMPLEX
  local other = spelling.second(own, admitted)
  if other then
    kind[0] = other
    if judge(bundle, schema, 1) then
      return true
    end
  end
  return false, wrong
end

--- Judges JSON.
-- @tparam table|nil bundle  nil: whatever is JSON will do
-- @tparam string text
-- @tparam table limits      as forecourt.json.reader has them
-- @treturn boolean
-- @treturn table|nil        what is wrong
-- @treturn string|nil       why it cannot be read, if that is what is wrong
function _M.json(bundle, schema, text, limits)
  local count, why, byte = reader.read(text, limits)
  if not count then
    return false, { { pointer = "", rule = why, byte = byte } }, why
  elseif not bundle then
    return true
  end
  local keeps = judge(bundle, schema, count)
  if keeps then
    return true
  end
  return false, keeps == false and faults.list(bundle) or COMPLEX
end

return _M
