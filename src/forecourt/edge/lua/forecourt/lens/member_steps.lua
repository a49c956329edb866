--- What a step makes of the members of an object that is made of its parts
-- (forecourt.contract.lenses.steps says what each means). Each answers whether
-- it could be done.
local loss = require("forecourt.lens.loss")
local memory = require("forecourt.json.memory")
local texts = require("forecourt.lens.texts")
local value_steps = require("forecourt.lens.value_steps")
local values = require("forecourt.lens.values")

local kind, first, after = values.kind, values.first, values.after
local key, origin = values.key, values.origin
local find, take, append = values.find, values.take, values.append
local OBJECT, NULL = memory.OBJECT, memory.NULL

local _M = {}

local function rename(step, slot)
  if step.name.text == step.to.text then
    return true
  end
  take(slot, step.to) -- nobody meant that by it
  local part = find(slot, step.name)
  if part ~= 0 then
    key[part] = texts.key(step.to)
  end
  return true
end

-- What becomes of a member that is a loss, where that is not refused.
local function give_up(step, slot, part)
  if step.on_loss == "omit" then
    take(slot, step.name)
    return true
  elseif step.on_loss == "null" then
    values.set(part, texts.add(NULL, "null"))
    return true
  end
  return false
end

local function change(step, slot)
  local part = find(slot, step.name)
  if part == 0 or kind[part] == NULL then
    return true
  end
  local by = step.by
  return value_steps[by.op](by, part) or give_up(step, slot, part)
end

local function gather(step, slot)
  local into = 0
  local before, part = 0, first[slot]
  while part ~= 0 do
    local next_part = after[part]
    local number = key[part]
    local name = memory.text(memory.from[number], memory.to[number])
    if step.is_gathered[name] then
      values.unlink(slot, part, before)
      if into == 0 then
        into = values.new(-1, OBJECT, texts.key(step.into), origin[part])
      end
      append(into, part)
    else
      before = part
    end
    part = next_part
  end
  take(slot, step.into)
  if into ~= 0 then
    append(slot, into)
    values.grow()
  end
  return true
end

local function spread(step, slot)
  local from = find(slot, step.name)
  if from == 0 then
    return true
  elseif kind[from] == NULL then
    take(slot, step.name)
    return true
  elseif kind[from] ~= OBJECT then
    return loss.of(origin[from], "hoist")
  end
  values.open(from)
  take(slot, step.name)
  local part = first[from]
  while part ~= 0 do
    local next_part = after[part]
    local number = key[part]
    local name = memory.text(memory.from[number], memory.to[number])
    local known = step.is_spread[name]
    if known then
      take(slot, known)
      append(slot, part)
    elseif step.on_loss == "refuse" then
      return loss.of(origin[part], "hoist")
    end
    part = next_part
  end
  return true
end

local function put(step, slot)
  if find(slot, step.name) == 0 then
    local name = texts.key(step.name)
    values.constant(slot, step.value, name, origin[slot])
    values.grow()
  end
  return true
end

local function drop(step, slot)
  local part = find(slot, step.name)
  if part == 0 then
    return true
  elseif step.on_loss == "refuse" then
    return loss.of(origin[part], "remove")
  end
  take(slot, step.name)
  return true
end

--- By the name of the step.
_M.rename, _M.change, _M.gather = rename, change, gather
_M.spread, _M.put, _M.drop = spread, put, drop

return _M
