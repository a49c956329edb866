--- What is wrong with a value: where, which rule, what was expected; never the
-- value. Kept as numbers until somebody asks.
local ffi = require("ffi")
local bit = require("bit")

local memory = require("forecourt.json.memory")
local text = require("forecourt.contract.bundle").text

local next_of, kind = memory.next, memory.kind
local from, to = memory.from, memory.to

local _M = {}

--- So many are listed; a value with more says so.
_M.MOST = 32

-- Longer keys are cut in pointers: a caller's own words fill no answer.
local MOST_KEY = 64

--- Rules, by the keyword that broke.
local RULES = {
  "type",
  "enum",
  "const",
  "minLength",
  "maxLength",
  "pattern",
  "format",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minItems",
  "maxItems",
  "uniqueItems",
  "contains",
  "minProperties",
  "maxProperties",
  "required",
  "additionalProperties",
  "unevaluatedProperties",
  "unevaluatedItems",
  "dependentRequired",
  "anyOf",
  "oneOf",
  "not",
  "undeclared",
  "false",
}
for number, name in ipairs(RULES) do
  _M[name] = number
end

--- How many are known of the value at hand, and whether there are more.
_M.count = 0
_M.has_more = false

local entries = ffi.new("int32_t[?]", _M.MOST)
local rules = ffi.new("int32_t[?]", _M.MOST)
local details = ffi.new("int32_t[?]", _M.MOST)

--- Forgets those of the value before.
function _M.clear()
  _M.count = 0
  _M.has_more = false
end

--- Takes a fault.
-- @tparam number entry   where on the tape
-- @tparam number rule    as above
-- @tparam number detail  kinds, a count or a text's number, as the rule has it
-- @treturn boolean       whether there is room for another
function _M.take(entry, rule, detail)
  local count = _M.count
  if count >= _M.MOST then
    _M.has_more = true
    return false
  end
  entries[count], rules[count], details[count] = entry, rule, detail
  _M.count = count + 1
  return true
end

local function escaped(key)
  if #key > MOST_KEY then
    -- Not within a character.
    local last = MOST_KEY
    while bit.band(key:byte(last + 1), 0xC0) == 0x80 do
      last = last - 1
    end
    key = key:sub(1, last) .. "\226\128\166"
  end
  return (key:gsub("~", "~0"):gsub("/", "~1"))
end

--- The JSON pointer (RFC 6901) of a value, or of a key's value.
-- @tparam number entry              where on the tape
-- @tparam boolean|nil is_any_index  `*` for indexes
function _M.pointer(entry, is_any_index)
  local steps, here = {}, 0
  while here < entry do
    local inner, index = here + 1, 0
    local is_object = kind[here] == memory.OBJECT
    while true do
      local value = is_object and inner + 1 or inner
      if entry < next_of[value] then
        local step = is_any_index and "*" or index
        if is_object then
          step = escaped(memory.text(from[inner], to[inner]))
        end
        steps[#steps + 1] = "/" .. step
        if entry == inner then
          return table.concat(steps)
        end
        here = value
        break
      end
      inner, index = next_of[value], index + 1
    end
  end
  return table.concat(steps)
end

local KINDS = {
  { memory.NULL, "null" },
  { memory.BOOLEAN, "boolean" },
  { memory.FRACTION, "number" },
  { memory.INTEGER, "integer" },
  { memory.STRING, "string" },
  { memory.ARRAY, "array" },
  { memory.OBJECT, "object" },
}

local function kinds_text(kinds)
  local words = {}
  for _, pair in ipairs(KINDS) do
    local is_in = bit.band(kinds, pair[1]) ~= 0
    -- Every integer is a number.
    if pair[2] == "integer" and bit.band(kinds, memory.FRACTION) ~= 0 then
      is_in = false
    end
    if is_in then
      words[#words + 1] = pair[2]
    end
  end
  return table.concat(words, " or ")
end

local COUNTS = {
  minLength = true,
  maxLength = true,
  minItems = true,
  maxItems = true,
  contains = true,
  minProperties = true,
  maxProperties = true,
}
local TEXTS = {
  enum = true,
  const = true,
  pattern = true,
  format = true,
  minimum = true,
  maximum = true,
  exclusiveMinimum = true,
  exclusiveMaximum = true,
  multipleOf = true,
  required = true,
  dependentRequired = true,
}

local function expected(bundle, name, detail)
  if name == "type" then
    return kinds_text(detail)
  elseif COUNTS[name] then
    return tostring(detail)
  elseif TEXTS[name] then
    return text(bundle, detail)
  end
  return nil
end

local function by_place(a, b)
  if a.entry ~= b.entry then
    return a.entry < b.entry
  end
  return a.rule < b.rule
end

--- The faults that are known, in the order of the body.
-- @treturn table  of { pointer = JSON pointer, rule = keyword, expected = text
--   or nil }. Rule "undeclared": a property that is not there for this caller
--   or this way; "false": nothing may stand there.
function _M.list(bundle)
  local found = {}
  for i = 0, _M.count - 1 do
    local name = RULES[rules[i]]
    found[#found + 1] = {
      entry = entries[i],
      pointer = _M.pointer(entries[i]),
      rule = name,
      expected = expected(bundle, name, details[i]),
    }
  end
  table.sort(found, by_place)
  return found
end

return _M
