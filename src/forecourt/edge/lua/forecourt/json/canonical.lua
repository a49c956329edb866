--- One text for one value, so that equal values are equal texts: 1 and 1.0 are
-- one value, and the order of keys says nothing. The compiler makes the same
-- (compiler/bundle/canonical.py).
local memory = require("forecourt.json.memory")
local numbers = require("forecourt.json.numbers")

local kind, next_of = memory.kind, memory.next
local from, to = memory.from, memory.to
local text = memory.text

local _M = {}

local of

local function text_of(entry)
  return ("s%d:%s"):format(
    to[entry] - from[entry],
    text(from[entry], to[entry])
  )
end

local function items_of(entry)
  local parts = {}
  local inner, stop = entry + 1, next_of[entry]
  while inner < stop do
    parts[#parts + 1] = of(inner)
    inner = next_of[inner]
  end
  return "[" .. table.concat(parts) .. "]"
end

local function members_of(entry)
  local keys, values = {}, {}
  local key, stop = entry + 1, next_of[entry]
  while key < stop do
    local name = text_of(key)
    keys[#keys + 1] = name
    values[name] = of(key + 1)
    key = next_of[key + 1]
  end
  table.sort(keys)
  for i = 1, #keys do
    keys[i] = keys[i] .. values[keys[i]]
  end
  return "{" .. table.concat(keys) .. "}"
end

of = function(entry)
  local k = kind[entry]
  if k == memory.STRING then
    return text_of(entry)
  elseif k == memory.INTEGER or k == memory.FRACTION then
    return "d" .. numbers.canonical(text(from[entry], to[entry])) .. ";"
  elseif k == memory.OBJECT then
    return members_of(entry)
  elseif k == memory.ARRAY then
    return items_of(entry)
  elseif k == memory.NULL then
    return "n"
  end
  return memory.bytes[from[entry]] == 116 and "t" or "f"
end

--- The text of a value on the tape.
-- @tparam number entry  its place on the tape
-- @treturn string
function _M.of(entry)
  return of(entry)
end

return _M
