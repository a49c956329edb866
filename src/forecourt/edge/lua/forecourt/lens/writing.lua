--- Writes what became of a body: what is a span as its bytes came.
local ffi = require("ffi")

local memory = require("forecourt.json.memory")
local reader = require("forecourt.json.reader")
local values = require("forecourt.lens.values")

local bytes = memory.bytes
local at, till, next_of = memory.at, memory.till, memory.next
local tape_kind, size_of = memory.kind, memory.size
local OBJECT, ARRAY = memory.OBJECT, memory.ARRAY
local entry, kind, key = values.entry, values.kind, values.key
local first, after = values.first, values.after

local _M = {}

local ROOM = memory.BYTES
local output = memory.zeros("uint8_t", ROOM + 8)

local place = 0
-- Members so far, and how deep it is.
local members, deepest = 0, 0
local measures = false

local function copy(begin, stop)
  local size = stop - begin
  if place + size > ROOM then
    return false
  end
  ffi.copy(output + place, bytes + begin, size)
  place = place + size
  return true
end

local function put(byte)
  if place >= ROOM then
    return false
  end
  output[place] = byte
  place = place + 1
  return true
end

-- Where the arrays and objects end that are open in a span.
local ends = ffi.new("int32_t[?]", reader.DEPTH + 2)

-- How deep a span is, and how many members it has.
local function measure(span, depth)
  local open = 0
  for i = span, next_of[span] - 1 do
    while open > 0 and i >= ends[open - 1] do
      open = open - 1
    end
    local k = tape_kind[i]
    if k == OBJECT or k == ARRAY then
      ends[open] = next_of[i]
      open = open + 1
      deepest = math.max(deepest, depth + open)
      members = members + (k == OBJECT and size_of[i] or 0)
    end
  end
end

local write

local function write_parts(slot, depth)
  local is_object = kind[slot] == OBJECT
  local part, is_first = first[slot], true
  while part ~= 0 do
    if not is_first and not put(44) then
      return false
    end
    is_first = false
    if is_object then
      local name = key[part]
      members = members + 1
      if not copy(at[name], till[name]) or not put(58) then
        return false
      end
    end
    if not write(part, depth) then
      return false
    end
    part = after[part]
  end
  return true
end

write = function(slot, depth)
  local span = entry[slot]
  if span >= 0 then
    if measures then
      measure(span, depth)
    end
    return copy(at[span], till[span])
  end
  if depth >= reader.DEPTH then
    deepest = depth + 1
    return true -- deeper than anything may be
  end
  deepest = math.max(deepest, depth + 1)
  local is_object = kind[slot] == OBJECT
  return put(is_object and 123 or 91)
    and write_parts(slot, depth + 1)
    and put(is_object and 125 or 93)
end

--- The text of a value.
-- @tparam number slot
-- @tparam table limits   as forecourt.json.reader has them
-- @treturn string|nil
-- @treturn string|nil    why not: "bytes", "depth" or "keys"
function _M.text(slot, limits)
  place, members, deepest = 0, 0, 0
  measures = values.has_grown()
  if values.is_full() or not write(slot, 0) or place > limits.bytes then
    return nil, "bytes"
  elseif measures and deepest > limits.depth then
    return nil, "depth"
  elseif measures and members > limits.keys then
    return nil, "keys"
  end
  return ffi.string(output, place)
end

return _M
