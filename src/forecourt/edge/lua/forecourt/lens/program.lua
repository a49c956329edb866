--- Does to a body what the lenses between two versions say: first to the parts
-- of each value, then to the value (forecourt.contract.lenses.program).
local member_steps = require("forecourt.lens.member_steps")
local memory = require("forecourt.json.memory")
local value_steps = require("forecourt.lens.value_steps")
local values = require("forecourt.lens.values")

local bytes, hashes = memory.bytes, memory.hash
local from, to, next_of = memory.from, memory.to, memory.next
local STRING, OBJECT, ARRAY = memory.STRING, memory.OBJECT, memory.ARRAY
local entry, kind, key = values.entry, values.kind, values.key
local first, after = values.first, values.after
local ffi = require("ffi")
local C = ffi.C

local _M = {}

-- A value may be told apart so many times, one within the other.
local MOST_CHOICES = 16

-- The node of a member, by its name.
local function of_member(node, number)
  local same = node.by_hash[hashes[number]]
  for i = 1, same and #same or 0 do
    local name = same[i].name
    if
      to[number] - from[number] == name.size
      and C.memcmp(bytes + from[number], name.text, name.size) == 0
    then
      return same[i].node
    end
  end
  return node.others
end

-- The node that comes in the place of one that may be several.
local function chosen(nodes, node, slot)
  for _ = 1, MOST_CHOICES do
    local by = node and node.by
    if not by then
      return node
    elseif kind[slot] ~= OBJECT then
      return nil
    end
    values.open(slot)
    local part = values.find(slot, by.name)
    if part == 0 or kind[part] ~= STRING then
      return nil
    end
    local number = entry[part]
    node = nodes[by.nodes[memory.text(from[number], to[number])]]
  end
  return nil
end

-- Whether an object that is a span has a member that something becomes of.
local function concerns(node, span)
  if node.others then
    return true
  end
  local i, stop = span + 1, next_of[span]
  while i < stop do
    if of_member(node, i) then
      return true
    end
    i = next_of[i + 1]
  end
  return false
end

local apply

local function apply_to_members(nodes, node, slot)
  local part = first[slot]
  while part ~= 0 do
    local inner = of_member(node, key[part])
    if inner and not apply(nodes, nodes[inner], part) then
      return false
    end
    part = after[part]
  end
  return true
end

local function apply_to_items(nodes, node, slot)
  local leading = node.leading
  local part, index = first[slot], 0
  while part ~= 0 do
    index = index + 1
    local inner = node.items
    if leading and index <= #leading then
      inner = leading[index]
    end
    if inner and inner ~= 0 and not apply(nodes, nodes[inner], part) then
      return false
    end
    part = after[part]
  end
  return true
end

local function apply_steps(steps, slot)
  for i = 1, #steps do
    local step = steps[i]
    if step.op == "whole" then
      if not value_steps[step.by.op](step.by, slot) then
        return false
      end
    elseif kind[slot] == OBJECT then
      values.open(slot)
      if not member_steps[step.op](step, slot) then
        return false
      end
    end
  end
  return true
end

apply = function(nodes, node, slot)
  if node.by then
    node = chosen(nodes, node, slot)
    if not node then
      return true
    end
  end
  local k = kind[slot]
  if k == OBJECT then
    if node.by_hash and (entry[slot] < 0 or concerns(node, entry[slot])) then
      values.open(slot)
      if not apply_to_members(nodes, node, slot) then
        return false
      end
    end
  elseif k == ARRAY and node.has_items then
    values.open(slot)
    if not apply_to_items(nodes, node, slot) then
      return false
    end
  end
  return not node.steps or apply_steps(node.steps, slot)
end

--- Does it.
-- @tparam table program  as forecourt.lenses prepares it
-- @tparam number slot    the body
-- @treturn boolean       false: something is a loss that is to be refused
--   (forecourt.lens.loss)
function _M.apply(program, slot)
  local nodes = program.nodes
  return apply(nodes, nodes[program.root], slot)
end

return _M
