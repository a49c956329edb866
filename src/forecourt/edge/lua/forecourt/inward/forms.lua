--- Forms (`application/x-www-form-urlencoded`) as the JSON that their schema is
-- about.
local brackets = require("forecourt.inward.brackets")
local pairs_of = require("forecourt.inward.pairs")
local percent = require("forecourt.inward.percent")
local reader = require("forecourt.json.reader")
local spelling = require("forecourt.inward.spelling")
local styles = require("forecourt.inward.styles")
local verdicts = require("forecourt.inward.verdicts")

local after = pairs_of.after
local concat = table.concat

local _M = {}

local FORM = { is_form = true }
local NOTHING = {}

-- The place of a name's field among `given`; a new one for a name that the
-- contract does not have.
local function slot_of(given, content, name)
  local index = content.names[name]
  if index then
    return index, content.fields[index]
  end
  local base, steps = brackets.steps(name)
  local known = base and content.names[base]
  if known and content.fields[known].brackets then
    return known, content.fields[known], steps
  end
  local other = given.others[name]
  if not other then
    given.count = given.count + 1
    other = given.count
    given.others[name] = other
    given.fields[other] = { name = name, plain = true, value = content.rest }
  end
  return other, given.fields[other]
end

-- What came for each field, in the order in which they came first.
local function gathered(text, content, limits)
  local given = {
    count = #content.fields,
    fields = {},
    others = {},
    order = {},
  }
  local i, count = 1, 0
  while i <= #text do
    local raw_name, raw, following = after(text, i)
    i = following
    if raw_name ~= "" or raw ~= "" then
      count = count + 1
      if count > limits.keys then
        return nil, "keys"
      end
      local name = percent.decode(raw_name, true)
      if not name then
        return nil, "encoding"
      end
      local index, field, steps = slot_of(given, content, name)
      local own = given[index]
      if not own then
        own = { field = field }
        given[index] = own
        given.order[#given.order + 1] = own
      end
      if steps then
        own.steps = own.steps or {}
        own.steps[#own.steps + 1] = { steps, raw }
      else
        own[#own + 1] = raw
      end
    end
  end
  return given
end

-- JSON in a field is read on its own, so that it ends where the field does.
local function is_whole(field, own, text, limits)
  return not field.json or own.steps or (reader.read(text, limits)) ~= nil
end

local function written(given, readings, limits, way)
  local out = {}
  for i, own in ipairs(given.order) do
    local field = own.field
    local text, why = styles.json(own, field, readings, FORM, way)
    if not text then
      return nil, why, field.name
    elseif not is_whole(field, own, text, limits) then
      return nil, "json", field.name
    end
    out[i] = spelling.quoted(field.name) .. ":" .. text
  end
  return "{" .. concat(out, ",") .. "}"
end

--- What a form holds, by field.
-- @tparam string text     the body
-- @tparam table content   compiler/contracts/bodies.py
-- @tparam table limits    bytes, depth, keys
-- @treturn table|nil
-- @treturn string|nil     why not: "encoding", "separator" or "keys"
function _M.read(text, content, limits)
  if not verdicts.is_text(text) then
    return nil, "encoding"
  elseif pairs_of.has_second_separator(text) then
    return nil, "separator"
  end
  return gathered(text, content, limits)
end

--- The JSON of a form.
-- @tparam table given     what it holds
-- @tparam table readings  of the operation
-- @tparam number way      of styles.WAYS
-- @treturn string|nil
-- @treturn string|nil     why not: "encoding", "duplicate", "style" or "json"
-- @treturn string|nil     the name of the field of which that is true
function _M.json(given, readings, limits, way)
  return written(given, readings or NOTHING, limits, way)
end

return _M
