--- What a text means by the style of its field (OpenAPI 3.1.1, section
-- 4.8.12.2; RFC 6570): JSON.
local bit = require("bit")

local brackets = require("forecourt.inward.brackets")
local memory = require("forecourt.json.memory")
local pieces_of = require("forecourt.inward.pairs")
local percent = require("forecourt.inward.percent")
local spelling = require("forecourt.inward.spelling")

local cut, split = pieces_of.cut, pieces_of.split
local kinds_of, items_of = brackets.kinds_of, brackets.items_of
local member_of = brackets.member_of
local band, bor = bit.band, bit.bor
local find, gsub = string.find, string.gsub
local match, sub = string.match, string.sub
local concat = table.concat

local _M = {}

local ARRAY, OBJECT = memory.ARRAY, memory.OBJECT
local SCALARS = bor(
  memory.NULL,
  memory.BOOLEAN,
  memory.FRACTION,
  memory.INTEGER,
  memory.STRING
)

--- The ways in which a value is taken, tried in this order: numbers before
-- texts; texts before numbers; separators also where they came encoded; as a
-- list, where a single value would do.
local WAYS = {
  {},
  { is_text_first = true },
  { is_loose = true },
  { is_list_first = true },
}

-- Whether commas came encoded, and a single value where a list might stand,
-- since `begin`.
local has_commas, has_single = false, false

local function decoded(raw, way)
  if way.is_plain then
    return match(raw, "^[ \t]*(.-)[ \t]*$")
  end
  return percent.decode(raw, way.is_form)
end

-- The raw pieces of a value whose separator is one of a style's.
local function separated(raw, style, way)
  if style == "spaceDelimited" then
    return split(gsub(raw, "%%20", "+"), "+")
  elseif style == "pipeDelimited" then
    return split(gsub(raw, "%%7[Cc]", "|"), "|")
  end
  if find(raw, "%2", 1, true) then
    has_commas = true
    raw = way.is_loose and gsub(raw, "%%2[Cc]", ",") or raw
  end
  return split(raw, ",")
end

local function token(raw, readings, reading, way)
  local text = decoded(raw, way)
  if not text then
    return nil, "encoding"
  end
  return spelling.token(text, kinds_of(readings, reading), way.is_text_first)
end

local function list(pieces, readings, reading, way)
  local items, out = items_of(readings, reading), {}
  for i, piece in ipairs(pieces) do
    local text, why = token(piece, readings, items, way)
    if not text then
      return nil, why
    end
    out[i] = text
  end
  return "[" .. concat(out, ",") .. "]"
end

-- Names and values, one after another in a list.
local function members(flat, readings, reading, way)
  local out = {}
  if #flat % 2 == 1 then
    return nil, "style"
  end
  for i = 1, #flat, 2 do
    local name = decoded(flat[i], way)
    if not name then
      return nil, "encoding"
    end
    local member = member_of(readings, reading, name)
    local text, why = token(flat[i + 1], readings, member, way)
    if not text then
      return nil, why
    end
    out[#out + 1] = spelling.quoted(name) .. ":" .. text
  end
  return "{" .. concat(out, ",") .. "}"
end

-- `R=100` and `G=200` as a flat list.
local function flattened(pieces)
  local flat = {}
  for _, piece in ipairs(pieces) do
    if not find(piece, "=", 1, true) then
      return nil, "style"
    end
    flat[#flat + 1], flat[#flat + 2] = cut(piece)
  end
  return flat
end

local function container(pieces, field, readings, way, is_named)
  local reading = field.value
  if band(kinds_of(readings, reading), ARRAY) ~= 0 then
    return list(pieces, readings, reading, way)
  elseif not is_named then
    return members(pieces, readings, reading, way)
  end
  local flat, why = flattened(pieces)
  if not flat then
    return nil, why
  end
  return members(flat, readings, reading, way)
end

-- Whether a single text is taken as a single value.
local function is_single(field, readings, way)
  local admitted = kinds_of(readings, field.value)
  if band(admitted, SCALARS) == 0 then
    return false
  elseif band(admitted, ARRAY) ~= 0 then
    has_single = true
    return not way.is_list_first
  end
  return true
end

local function of_label(raw, field, readings, way)
  if sub(raw, 1, 1) ~= "." then
    return nil, "style"
  end
  raw = sub(raw, 2)
  if is_single(field, readings, way) then
    return token(raw, readings, field.value, way)
  end
  local pieces = field.explode and split(raw, ".")
    or separated(raw, "label", way)
  return container(pieces, field, readings, way, field.explode)
end

-- The values after `;name=`, each; nil where one has another name.
local function matrix_values(raw, field, way)
  local values = split(raw, ";")
  for i, piece in ipairs(values) do
    local name, value = cut(piece)
    if decoded(name, way) ~= field.name then
      return nil
    end
    values[i] = value
  end
  return values
end

local function of_matrix(raw, field, readings, way)
  if sub(raw, 1, 1) ~= ";" then
    return nil, "style"
  end
  raw = sub(raw, 2)
  local reading = field.value
  local is_value = is_single(field, readings, way)
  local is_list = band(kinds_of(readings, reading), ARRAY) ~= 0
  if field.explode and not is_value and not is_list then
    return container(split(raw, ";"), field, readings, way, true)
  end
  local values = matrix_values(raw, field, way)
  if not values or (#values > 1 and not (field.explode and is_list)) then
    return nil, "style"
  elseif is_value then
    return token(values[1], readings, reading, way)
  elseif field.explode then
    return list(values, readings, reading, way)
  end
  return container(
    separated(values[1], "matrix", way),
    field,
    readings,
    way,
    false
  )
end

-- Several texts of one name, or a single one.
local function of_raws(raws, field, readings, way)
  local reading = field.value
  if field.many and (#raws > 1 or not is_single(field, readings, way)) then
    return list(raws, readings, reading, way)
  elseif #raws > 1 then
    return nil, "duplicate"
  end
  local raw = raws[1]
  if field.style == "label" then
    return of_label(raw, field, readings, way)
  elseif field.style == "matrix" then
    return of_matrix(raw, field, readings, way)
  elseif field.plain or is_single(field, readings, way) then
    return token(raw, readings, reading, way)
  elseif raw == "" then
    local is_list = band(kinds_of(readings, reading), ARRAY) ~= 0
    return is_list and "[]" or "{}"
  end
  local pieces = separated(raw, field.style, way)
  return container(pieces, field, readings, way, field.explode)
end

-- Members that came under their own names.
local function of_members(entries, field, readings, way)
  local raws, order, out = {}, {}, {}
  for _, entry in ipairs(entries) do
    local name = entry[1]
    if not raws[name] then
      raws[name] = {}
      order[#order + 1] = name
    end
    raws[name][#raws[name] + 1] = entry[2]
  end
  for i, name in ipairs(order) do
    local reading = member_of(readings, field.value, name)
    local admitted = kinds_of(readings, reading)
    local member = {
      value = reading,
      many = band(admitted, ARRAY) ~= 0,
      plain = band(admitted, bor(ARRAY, OBJECT)) == 0,
    }
    local text, why = of_raws(raws[name], member, readings, way)
    if not text then
      return nil, why
    end
    out[i] = spelling.quoted(name) .. ":" .. text
  end
  return "{" .. concat(out, ",") .. "}"
end

--- Forgets what was doubtful of the values before.
function _M.begin()
  spelling.is_doubtful, has_commas, has_single = false, false, false
end

--- Whether a way may give anything else than the first gave since `begin`.
-- @tparam number number  from 1
function _M.may_differ(number)
  return number == 1
    or (number == 2 and spelling.is_doubtful)
    or (number == 3 and has_commas)
    or (number == 4 and has_single)
end

--- The JSON of all that came for one field.
-- @tparam table given     raw texts in order; `steps`: entries for
--   forecourt.inward.brackets; `members`: of { decoded name, raw text }
-- @tparam table field     compiler/contracts/fields.py
-- @tparam table readings  of the operation
-- @tparam table coding    `is_form` (`+` is a space) or `is_plain` (nothing is
--   encoded)
-- @tparam number number   of the way in which it is taken, from 1
-- @treturn string|nil
-- @treturn string|nil     why not: "duplicate", "encoding" or "style"
function _M.json(given, field, readings, coding, number)
  local way = WAYS[number]
  way.is_form, way.is_plain = coding.is_form, coding.is_plain
  local has_raws = #given > 0
  if (given.steps or given.members) and has_raws then
    return nil, "duplicate"
  elseif given.steps then
    return brackets.json(given.steps, readings, field.value, way)
  elseif given.members then
    return of_members(given.members, field, readings, way)
  elseif field.json then
    if #given > 1 then
      return nil, "duplicate"
    end
    local text = decoded(given[1], way)
    return text, text == nil and "encoding" or nil
  end
  return of_raws(given, field, readings, way)
end

_M.WAYS = #WAYS

return _M
