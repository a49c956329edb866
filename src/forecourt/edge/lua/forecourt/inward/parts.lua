--- The parts of a multipart body as the JSON that their schema is about. Bytes
-- that are no text stand in it as an empty text, of which nothing is asked.
local brackets = require("forecourt.inward.brackets")
local media_types = require("forecourt.inward.media_types")
local reader = require("forecourt.json.reader")
local spelling = require("forecourt.inward.spelling")
local verdicts = require("forecourt.inward.verdicts")

local concat = table.concat
local find, gsub, lower, match =
  string.find, string.gsub, string.lower, string.match

local _M = {}

local NOTHING = {}
local UNDECLARED = { way = "text" }

local function is_among(types, essence)
  for _, each in ipairs(types) do
    local any = match(each, "^(.*/)%*$")
    if
      each == essence
      or each == "*/*"
      or (any and find(essence, any, 1, true) == 1)
    then
      return true
    end
  end
  return false
end

-- How the content of a part is to be taken; nil and what was expected, where it
-- says that it is something else.
local function way_of(part, field)
  if not part.type then
    return field.way
  end
  local essence, parameters = media_types.parse(part.type)
  local charset = parameters and parameters.charset
  if not essence or (charset and lower(charset) ~= "utf-8") then
    return nil, "a media type, in UTF-8"
  end
  local is_json = media_types.is_json(essence)
  if field.types then
    if not is_among(field.types, essence) then
      return nil, concat(field.types, ", ")
    end
    return is_json and "json" or find(essence, "^text/") and "text" or "bytes"
  elseif field.way == "json" and not is_json then
    return nil, "application/json"
  elseif field == UNDECLARED then
    return is_json and "json" or find(essence, "^text/") and "text" or "bytes"
  end
  return field.way
end

local function value_of(part, field, readings, limits, is_text_first)
  local way, expected = way_of(part, field)
  if not way then
    return nil, "contentType", expected
  elseif way == "bytes" or (field == UNDECLARED and part.is_file) then
    return '""', nil, nil, true
  elseif way == "json" then
    if not reader.read(part.content, limits) then
      return nil, "json"
    end
    return part.content
  elseif not verdicts.is_text(part.content) then
    return nil, "encoding"
  end
  local admitted = brackets.kinds_of(readings, field.value or 127)
  return spelling.token(part.content, admitted, is_text_first)
end

local function pointer_of(name)
  return "/" .. gsub(gsub(name, "~", "~0"), "/", "~1")
end

local function field_of(content, name)
  local index = content.names[name]
  return index and content.fields[index] or UNDECLARED
end

-- The texts of each name's parts, and which of them say nothing.
local function gathered(parts, content, readings, limits, is_text_first)
  local by, order, opaque = {}, {}, {}
  for _, part in ipairs(parts) do
    local name = part.name
    if not verdicts.is_text(name) then
      return nil, { pointer = "", rule = "encoding" }
    end
    local field = field_of(content, name)
    local text, rule, expected, is_opaque =
      value_of(part, field, readings, limits, is_text_first)
    if not text then
      local at = pointer_of(name)
      return nil, { pointer = at, rule = rule, expected = expected }
    end
    local own = by[name]
    if not own then
      own = { name = name, is_list = field.many }
      by[name], order[#order + 1] = own, own
    elseif not field.many and field ~= UNDECLARED then
      return nil, { pointer = pointer_of(name), rule = "duplicate" }
    end
    own[#own + 1] = text
    if is_opaque then
      local at = pointer_of(name)
      opaque[field.many and at .. "/" .. #own - 1 or at] = true
    end
  end
  return order, opaque
end

--- The JSON of some parts.
-- @tparam table parts            of forecourt.inward.multipart
-- @tparam table content          compiler/contracts/bodies.py
-- @tparam table readings         of the operation
-- @tparam table limits           bytes, depth, keys
-- @tparam boolean is_text_first  texts where texts may stand, before numbers
-- @treturn string|nil
-- @treturn table                 the pointers of what says nothing; without a
--   text, the fault: pointer, rule, expected
function _M.json(parts, content, readings, limits, is_text_first)
  local order, opaque =
    gathered(parts, content, readings or NOTHING, limits, is_text_first)
  if not order then
    return nil, opaque
  end
  local out = {}
  for i, own in ipairs(order) do
    local text = own[1]
    if own.is_list or #own > 1 then
      text = "[" .. concat(own, ",") .. "]"
    end
    out[i] = spelling.quoted(own.name) .. ":" .. text
  end
  return "{" .. concat(out, ",") .. "}", opaque
end

_M.pointer_of = pointer_of

return _M
