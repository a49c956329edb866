--- Readies what a file says of lenses: names that are found fast, steps that
-- know what they need.
local converters = require("forecourt.lens.converters")
local texts = require("forecourt.lens.texts")

local ipairs, pairs = ipairs, pairs

local _M = {}

local function ready_constant(given)
  for _, member in ipairs(given.members or {}) do
    member[1] = texts.name(member[1])
    ready_constant(member[2])
  end
  for _, item in ipairs(given.items or {}) do
    ready_constant(item)
  end
end

-- By the name of the step what it needs besides.
local ready = {}

function ready.change(step)
  ready[step.by.op](step.by)
end

ready.whole = ready.change

function ready.rename(step)
  step.to = texts.name(step.to)
end

function ready.gather(step)
  step.is_gathered = {}
  for _, name in ipairs(step.names) do
    step.is_gathered[name] = true
  end
  step.into = texts.name(step.into)
end

function ready.spread(step)
  step.is_spread = {}
  for _, name in ipairs(step.names) do
    step.is_spread[name] = texts.name(name)
  end
end

function ready.put(step)
  ready_constant(step.value)
end

function ready.convert(step)
  converters.ready(step)
end

function ready.map(step)
  for _, given in pairs(step.of_text) do
    ready_constant(given)
  end
  for _, given in pairs(step.of_other) do
    ready_constant(given)
  end
end

function ready.in_object(step)
  step.name = texts.name(step.name)
end

ready.out_of_object = ready.in_object

local function nothing() end

ready.drop, ready.in_list, ready.out_of_list = nothing, nothing, nothing

--- Readies steps.
function _M.steps(steps)
  for _, step in ipairs(steps) do
    ready[step.op](step)
    if step.name and step.op ~= "whole" then
      step.name = texts.name(step.name)
    end
  end
end

--- Readies moves.
function _M.moves(moves)
  for _, move in ipairs(moves) do
    move.from_name, move.to_name = texts.name(move.name), texts.name(move.to)
  end
end

local function ready_node(node)
  if node.members or node.others then
    node.by_hash = {}
    for text, number in pairs(node.members or {}) do
      local name = texts.name(text)
      local same = node.by_hash[name.hash] or {}
      same[#same + 1] = { name = name, node = number }
      node.by_hash[name.hash] = same
    end
  end
  node.has_items = node.items ~= nil or node.leading ~= nil
  if node.by then
    node.by.name = texts.name(node.by.name)
  end
  _M.steps(node.steps or {})
end

--- Readies a program.
-- @tparam table program  as forecourt.compiler.lenses.programs spells it
function _M.program(program)
  for _, node in ipairs(program.nodes) do
    ready_node(node)
  end
end

return _M
