--- Names that go on in brackets, `filter[at][gte]=1&tags[]=a`, as JSON. OpenAPI
-- knows one step; clients and upstreams of many kinds know more.
local bit = require("bit")

local memory = require("forecourt.json.memory")
local percent = require("forecourt.inward.percent")
local spelling = require("forecourt.inward.spelling")

local band = bit.band
local find, match, sub = string.find, string.match, string.sub
local concat, tostring = table.concat, tostring
local ARRAY, OBJECT, ANY = memory.ARRAY, memory.OBJECT, 127

local _M = {}

-- More steps than this mean nothing to anybody.
local DEEPEST = 32

--- The name before the first bracket, and the steps after it.
-- @tparam string name      decoded
-- @treturn string|nil      nil: its brackets are not in order
-- @treturn table|nil       steps, in order; "" for `[]`
function _M.steps(name)
  local first = find(name, "[", 1, true)
  if not first or first == 1 then
    return nil
  end
  local steps, i = {}, first
  while i <= #name do
    local step, after = match(name, "^%[([^%[%]]*)%]()", i)
    if not step or #steps == DEEPEST then
      return nil
    end
    steps[#steps + 1] = step
    i = after
  end
  return sub(name, 1, first - 1), steps
end

local function kinds_of(readings, reading)
  return reading >= 0 and reading or readings[-reading].kinds
end

local function member_of(readings, reading, name)
  local inside = reading < 0 and readings[-reading]
  if not inside then
    return ANY
  end
  local known = inside.properties and inside.properties[name]
  return known or inside.rest or ANY
end

local function items_of(readings, reading)
  return reading < 0 and readings[-reading].items or ANY
end

_M.kinds_of, _M.member_of, _M.items_of = kinds_of, member_of, items_of

-- Puts a raw value where its steps lead. False: something else stands there.
local function plant(root, steps, raw)
  local node = root
  for _, step in ipairs(steps) do
    if node.raw then
      return false
    end
    local name = step
    if step == "" then
      node.count = (node.count or 0) + 1
      name = tostring(node.count - 1)
    end
    -- `[]` and `[0]` side by side: nobody knows which comes first.
    if node.has_empty ~= nil and node.has_empty ~= (step == "") then
      return false
    end
    node.has_empty = step == ""
    local inner = node[1] and node[1][name]
    if not inner then
      inner = {}
      node[1], node[2] = node[1] or {}, node[2] or {}
      node[1][name] = inner
      node[2][#node[2] + 1] = name
    end
    node = inner
  end
  if node.raw or node[1] then
    return false
  end
  node.raw = raw
  return true
end

-- Whether its names are 0, 1, 2 and so on, each once, in any order.
local function is_list(node)
  local count = #node[2]
  for i = 0, count - 1 do
    if not node[1][tostring(i)] then
      return false
    end
  end
  return true
end

local write

local function write_list(node, readings, reading, way)
  local items, out = items_of(readings, reading), {}
  for i = 0, #node[2] - 1 do
    local text, why = write(node[1][tostring(i)], readings, items, way)
    if not text then
      return nil, why
    end
    out[i + 1] = text
  end
  return "[" .. concat(out, ",") .. "]"
end

write = function(node, readings, reading, way)
  if node.raw then
    local text = percent.decode(node.raw, way.is_form)
    if not text then
      return nil, "encoding"
    end
    local admitted = kinds_of(readings, reading)
    return spelling.token(text, admitted, way.is_text_first)
  end
  local admitted = kinds_of(readings, reading)
  local may_list = band(admitted, ARRAY) ~= 0
  if may_list and (node.has_empty or is_list(node)) then
    return write_list(node, readings, reading, way)
  elseif node.has_empty and band(admitted, OBJECT) == 0 then
    return write_list(node, readings, reading, way)
  end
  local out = {}
  for i, name in ipairs(node[2]) do
    local member = member_of(readings, reading, name)
    local text, why = write(node[1][name], readings, member, way)
    if not text then
      return nil, why
    end
    out[i] = spelling.quoted(name) .. ":" .. text
  end
  return "{" .. concat(out, ",") .. "}"
end

--- The JSON of all that came under one name with brackets.
-- @tparam table entries    of { steps, raw value }
-- @tparam table readings   of the operation
-- @tparam number reading   the field's
-- @tparam table way        is_form: `+` is a space; is_text_first
-- @treturn string|nil
-- @treturn string|nil      why not: "duplicate" or "encoding"
function _M.json(entries, readings, reading, way)
  local root = {}
  for _, entry in ipairs(entries) do
    if not plant(root, entry[1], entry[2]) then
      return nil, "duplicate"
    end
  end
  return write(root, readings, reading, way)
end

return _M
