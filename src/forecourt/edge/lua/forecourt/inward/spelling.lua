--- Texts that came without a type, as JSON: as what a schema admits.
local bit = require("bit")

local memory = require("forecourt.json.memory")
local is_integer = require("forecourt.json.numbers").is_integer

local band = bit.band
local byte, find = string.byte, string.find
local gsub, match = string.gsub, string.match
local NULL, BOOLEAN, STRING = memory.NULL, memory.BOOLEAN, memory.STRING
local INTEGER, FRACTION = memory.INTEGER, memory.FRACTION

local _M = {}

local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\" }

local function escaped(c)
  return ESCAPES[c] or ("\\u%04x"):format(byte(c))
end

--- A text as JSON; bytes that are no ASCII stay as they are.
function _M.quoted(text)
  if find(text, '[%c"\\]') then
    text = gsub(text, '[%c"\\]', escaped)
  end
  return '"' .. text .. '"'
end

--- What a text spells, if it is no text: a kind of forecourt.json.memory.
function _M.kind_of(text)
  if text == "true" or text == "false" then
    return BOOLEAN
  elseif text == "null" or text == "" then
    return NULL
  end
  local whole, rest = match(text, "^%-?(%d+)(.*)$")
  if not whole or (#whole > 1 and byte(whole) == 48) then
    return STRING
  elseif rest == "" then
    return INTEGER
  end
  rest = match(rest, "^%.%d+(.*)$") or rest
  if rest ~= "" and not find(rest, "^[eE][+-]?%d+$") then
    return STRING
  end
  return is_integer(text) and INTEGER or FRACTION
end

--- How a text that spells one kind is taken where some kinds are admitted:
-- a number or truth value where one may stand, else a text where one may, else
-- null.
-- @tparam number own       what it spells
-- @tparam number admitted  kinds
function _M.first(own, admitted)
  if own == NULL and band(admitted, STRING) ~= 0 then
    return STRING
  end
  return band(admitted, own) ~= 0 and own or STRING
end

--- How it is taken if that will not do; nil: there is no other way.
function _M.second(own, admitted)
  local first = _M.first(own, admitted)
  local other = first == STRING and own or STRING
  return other ~= first and band(admitted, other) ~= 0 and other or nil
end

--- Whether a text was taken as none where a text might stand, since somebody
-- set this to false.
_M.is_doubtful = false

--- A text as JSON.
-- @tparam string text
-- @tparam number admitted        kinds
-- @tparam boolean is_text_first  a text, where one may stand
function _M.token(text, admitted, is_text_first)
  if is_text_first and band(admitted, STRING) ~= 0 then
    return _M.quoted(text)
  end
  local own = _M.kind_of(text)
  local taken = _M.first(own, admitted)
  if taken == STRING then
    return _M.quoted(text)
  elseif band(admitted, STRING) ~= 0 then
    _M.is_doubtful = true
  end
  return taken == NULL and "null" or text
end

return _M
