--- What a step makes of one value (forecourt.contract.lenses.steps says what
-- each means). Each answers whether it could be done; forecourt.lens.loss says
-- why not.
local canonical = require("forecourt.json.canonical")
local converters = require("forecourt.lens.converters")
local loss = require("forecourt.lens.loss")
local memory = require("forecourt.json.memory")
local texts = require("forecourt.lens.texts")
local values = require("forecourt.lens.values")

local entry, kind, first, after =
  values.entry, values.kind, values.first, values.after
local origin = values.origin
local OBJECT, ARRAY = values.OBJECT, values.ARRAY

local _M = {}

--- In another unit or spelling.
function _M.convert(step, slot)
  return converters.convert(step, slot)
end

--- One scalar for another.
function _M.map(step, slot)
  local k = kind[slot]
  local found = nil
  if k ~= OBJECT and k ~= ARRAY then
    local number = entry[slot]
    if k == memory.STRING then
      found = step.of_text[memory.text(memory.from[number], memory.to[number])]
    else
      found = step.of_other[canonical.of(number)]
    end
  end
  if found then
    values.bring(slot, found)
    return true
  elseif step.keeps_others then
    return true
  end
  return loss.of(origin[slot], "map")
end

--- Into an object, as its one member.
function _M.in_object(step, slot)
  local inner = values.copy(slot)
  values.key[inner] = texts.key(step.name)
  values.empty(slot, OBJECT)
  values.append(slot, inner)
  values.grow()
  return true
end

--- The one member of an object, out of it.
function _M.out_of_object(step, slot)
  if kind[slot] ~= OBJECT then
    return loss.of(origin[slot], "unwrap", step.name.text)
  end
  values.open(slot)
  local inner = values.take(slot, step.name)
  if inner == 0 then
    return loss.of(origin[slot], "unwrap", step.name.text)
  end
  local rest = first[slot]
  while rest ~= 0 do
    local key = values.key[rest]
    local name = memory.text(memory.from[key], memory.to[key])
    if not step.ignored[name] then
      return loss.of(origin[rest], "unwrap", step.name.text)
    end
    rest = after[rest]
  end
  values.become(slot, inner)
  return true
end

--- Into a list, as its one item.
function _M.in_list(_, slot)
  local inner = values.copy(slot)
  values.empty(slot, ARRAY)
  values.append(slot, inner)
  values.grow()
  return true
end

--- The one item of a list, out of it.
function _M.out_of_list(_, slot)
  if kind[slot] ~= ARRAY then
    return loss.of(origin[slot], "unwrap", "1")
  end
  values.open(slot)
  local item = first[slot]
  if item == 0 or after[item] ~= 0 then
    return loss.of(origin[slot], "unwrap", "1")
  end
  values.become(slot, item)
  return true
end

return _M
