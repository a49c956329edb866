--- Says what a problem of the service points at by the names that its caller
-- knows: pointers into the body, and names of parameters.
local memory = require("forecourt.json.memory")
local percent = require("forecourt.inward.percent")
local pointers = require("forecourt.lens.pointers")
local texts = require("forecourt.lens.texts")
local values = require("forecourt.lens.values")

local first, after, kind = values.first, values.after, values.kind
local STRING, OBJECT, ARRAY = memory.STRING, memory.OBJECT, memory.ARRAY
local sub = string.sub

local _M = {}

-- Where problems say what is wrong: lists of objects (RFC 9457 shows the first,
-- RFC 7807 the last, JSON:API `source`).
local LISTS = {
  texts.name("errors"),
  texts.name("faults"),
  texts.name("violations"),
  texts.name("invalid-params"),
  texts.name("invalid_params"),
}
local POINTER, PARAMETER = texts.name("pointer"), texts.name("parameter")
local SOURCE, NAME = texts.name("source"), texts.name("name")

-- What a place was in the version before, through one hop. A place is `path`,
-- of the body, or `name`, of a parameter.
local function before(hop, place)
  if place.name then
    local was = hop.parameters_back and hop.parameters_back[place.name]
    if was and was["in"] == "body" then
      place.name, place.path = nil, { was.name }
    elseif was then
      place.name = was.name
    end
    return
  end
  local was = hop.members_back and hop.members_back[place.path[1]]
  if was then
    place.name, place.path = was.name, nil
  elseif hop.request then
    pointers.before(hop.request, place.path)
  end
end

local function told(lens, place)
  for i = #lens.hops, 1, -1 do
    before(lens.hops[i], place)
  end
  return place
end

local function text_of(slot, name)
  local part = values.find(slot, name)
  if part == 0 or kind[part] ~= STRING then
    return 0
  end
  local number = values.entry[part]
  return part, memory.text(memory.from[number], memory.to[number])
end

local function write(part, place, is_fragment)
  if place.name then
    values.key[part] = texts.key(PARAMETER)
    values.set(part, texts.text(place.name))
    return
  end
  values.key[part] = texts.key(POINTER)
  local pointer = pointers.pointer(place.path)
  values.set(part, texts.text((is_fragment and "#" or "") .. pointer))
end

local function say_pointer(lens, slot)
  local part, text = text_of(slot, POINTER)
  if part == 0 then
    return
  end
  local is_fragment = sub(text, 1, 1) == "#"
  local pointer = is_fragment and percent.decode(sub(text, 2), false) or text
  local path = pointer and pointers.path(pointer)
  if path then
    write(part, told(lens, { path = path }), is_fragment)
  end
end

local function say_parameter(lens, slot, name)
  local part, text = text_of(slot, name)
  if part == 0 then
    return
  end
  local place = told(lens, { name = text })
  if name == NAME then
    local was = place.name or place.path[1]
    if was and was ~= text then
      values.set(part, texts.text(was))
    end
  elseif place.name ~= text then
    write(part, place, false)
  end
end

local function say(lens, slot, names_parameters)
  if kind[slot] ~= OBJECT then
    return
  end
  values.open(slot)
  say_pointer(lens, slot)
  say_parameter(lens, slot, PARAMETER)
  if names_parameters then
    say_parameter(lens, slot, NAME)
  end
  local source = values.find(slot, SOURCE)
  if source ~= 0 and kind[source] == OBJECT then
    values.open(source)
    say_pointer(lens, source)
    say_parameter(lens, source, PARAMETER)
  end
end

--- Says it.
-- @tparam table lens   the operation's, of forecourt.lenses
-- @tparam number slot  the body of the problem
function _M.say(lens, slot)
  if kind[slot] ~= OBJECT then
    return
  end
  say(lens, slot, false)
  for i = 1, #LISTS do
    local list = values.find(slot, LISTS[i])
    if list ~= 0 and kind[list] == ARRAY then
      values.open(list)
      local item = first[list]
      while item ~= 0 do
        say(lens, item, true)
        item = after[item]
      end
    end
  end
end

return _M
