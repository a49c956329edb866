--- What lenses make of the parameters of a request.
local loss = require("forecourt.lens.loss")
local memory = require("forecourt.json.memory")
local places = require("forecourt.lens.places")
local texts = require("forecourt.lens.texts")
local value_steps = require("forecourt.lens.value_steps")
local values = require("forecourt.lens.values")

local STRING = memory.STRING

local _M = {}

local function fault(where, name, rule, expected)
  return { where = where, name = name, rule = rule, expected = expected }
end

-- A scalar as a parameter has it; nil where it is none.
local function spelled(slot)
  local number = values.entry[slot]
  if number < 0 or values.kind[slot] >= memory.ARRAY then
    return nil
  end
  return memory.text(memory.from[number], memory.to[number])
end

-- By the name of the step.
local steps = {}

function steps.rename(step, request, where)
  places[where].rename(request, step.name.text, step.to.text)
end

local function give_up(step, request, where, wrong)
  if step.on_loss == "refuse" then
    return wrong
  end
  places[where].drop(request, step.name.text)
end

function steps.change(step, request, where)
  local place, name = places[where], step.name.text
  local text, is_unclear = place.get(request, name)
  if not text then
    if is_unclear then
      return give_up(step, request, where, fault(where, name, step.by.op))
    end
    return nil
  end
  local slot = values.new(texts.text(text), STRING, -1, 0)
  local changed = value_steps[step.by.op](step.by, slot) and spelled(slot)
  if changed and place.set(request, name, changed) then
    return nil
  end
  local _, rule, expected = loss.last()
  local wrong = fault(where, name, changed and "place" or rule, expected)
  return give_up(step, request, where, wrong)
end

function steps.put(step, request, where)
  local place, name = places[where], step.name.text
  local text, is_unclear = place.get(request, name)
  if not text and not is_unclear then
    local given = step.value
    place.set(request, name, given.means or given.text or "")
  end
end

function steps.drop(step, request, where)
  local place, name = places[where], step.name.text
  local text, is_unclear = place.get(request, name)
  if (text or is_unclear) and step.on_loss == "refuse" then
    return fault(where, name, "remove")
  end
  place.drop(request, name)
end

--- Does the steps of a hop.
-- @tparam table request  `path`, `query_text`, `headers`
-- @treturn table|nil     what cannot be said: `where`, `name`, `rule`
function _M.apply(hop, request)
  local all = hop.in_places
  for k = 1, #all do
    local where, given = all[k].where, all[k].steps
    for i = 1, #given do
      local step = given[i]
      local wrong = steps[step.op](step, request, where)
      if wrong then
        return wrong
      end
    end
  end
  return nil
end

_M.fault = fault

return _M
