--- Members and items that no schema about the same value has looked at (JSON
-- Schema 2020-12, section 11). Schemas that look are gathered first: those that
-- all count, and of alternatives those that the value keeps.
local bit = require("bit")

local faults = require("forecourt.contract.faults")
local layout = require("forecourt.contract.layout")
local memory = require("forecourt.json.memory")
local names = require("forecourt.contract.names")
local objects = require("forecourt.contract.objects")
local pending = require("forecourt.contract.pending")
local texts = require("forecourt.contract.texts")

local band, lshift = bit.band, bit.lshift
local kind, next_of = memory.kind, memory.next
local from, to = memory.from, memory.to
local OBJECT = memory.OBJECT
local NOTHING, ANYTHING = layout.NOTHING, layout.ANYTHING
local HIDDEN = layout.WITHHELD + layout.REFUSED
local fail, push, state = pending.fail, pending.push, pending.state

local _M = {}

-- A question within a question gathers above what is gathered here.
local ROOM = 65536
local looking = memory.zeros("int32_t", ROOM)
local top = 0

local gather

local function gather_part(bundle, entry, value)
  local words = bundle.words
  local operation, a = words[entry], words[entry + 1]
  if operation == layout.ALL then
    gather(bundle, a, value)
  elseif operation == layout.ANY or operation == layout.ONE then
    for i = a, a + words[entry + 2] - 1 do
      if pending.holds(bundle, words[i], value) then
        gather(bundle, words[i], value)
      end
    end
  elseif operation == layout.IF then
    local does_apply = pending.holds(bundle, words[a], value)
    if does_apply then
      gather(bundle, words[a], value)
    end
    gather(bundle, words[a + (does_apply and 1 or 2)], value)
  end
end

local function gather_dependents(bundle, section, object)
  local words = bundle.words
  local at = words[section + 8]
  for _ = 1, words[section + 7] do
    local name, schema = words[at], words[at + 1]
    if schema >= 0 and objects.has_member(bundle, object, name) then
      gather(bundle, schema, object)
    end
    at = at + 4
  end
end

gather = function(bundle, schema, value)
  if schema == ANYTHING or not pending.enter() then
    return
  elseif top >= ROOM then
    pending.give_up()
  else
    looking[top] = schema
    top = top + 1
    local header = bundle.headers + lshift(schema, 3)
    local whole = header[layout.WHOLE]
    if whole ~= 0 then
      for i = 1, bundle.words[whole] do
        gather_part(bundle, whole + 3 * i - 2, value)
      end
    end
    local object = header[layout.OBJECT]
    if object ~= 0 and kind[value] == OBJECT then
      gather_dependents(bundle, object, value)
    end
  end
  pending.leave()
end

local function fits_any(bundle, section, key)
  local words = bundle.words
  local at = words[section + 6]
  for _ = 1, words[section + 5] do
    if texts.fits(bundle, words[at], from[key], to[key]) then
      return true
    end
    at = at + 2
  end
  return false
end

local function looks_at_member(bundle, schema, key, is_first)
  local words = bundle.words
  local section = bundle.headers[lshift(schema, 3) + layout.OBJECT]
  if section == 0 then
    return false
  elseif
    words[section + 3] >= 0
    or (words[section + 15] >= 0 and not is_first)
  then
    return true
  end
  local found = names.member(bundle, section, key)
  local flags = found ~= 0 and words[found + 2] or 0
  -- On the way in what is hidden is named by nobody.
  local is_hidden = state.lenient == 0
    and band(flags, HIDDEN) == layout.WITHHELD
  if flags > layout.REQUIRED and not is_hidden then
    return true
  end
  return fits_any(bundle, section, key)
end

local function looks_at_item(bundle, schema, item, index, is_first)
  local words = bundle.words
  local section = bundle.headers[lshift(schema, 3) + layout.ARRAY]
  if section == 0 then
    return false
  end
  local contains = words[section + 4]
  return index < words[section + 9]
    or words[section + 3] >= 0
    or (words[section + 8] >= 0 and not is_first)
    or (contains >= 0 and pending.holds(bundle, contains, item))
end

local function go_on(schema, part, value, rule)
  if schema == NOTHING then
    if state.lenient == 0 then
      fail(part, rule, 0)
    end
  elseif schema > ANYTHING then
    push(schema, value)
  end
end

--- Judges the members of an object that nobody looked at.
-- @tparam number schema  the schema that says `unevaluatedProperties`
-- @tparam number rest    what it says of them
function _M.judge_members(bundle, schema, rest, object)
  local base = top
  gather(bundle, schema, object)
  local key, stop = object + 1, next_of[object]
  while key < stop do
    local is_seen = false
    for i = base, top - 1 do
      is_seen = is_seen or looks_at_member(bundle, looking[i], key, i == base)
    end
    if not is_seen then
      go_on(rest, key, key + 1, faults.unevaluatedProperties)
    end
    key = next_of[key + 1]
  end
  top = base
end

--- Judges the items of an array that nobody looked at, likewise.
function _M.judge_items(bundle, schema, rest, array)
  local base = top
  gather(bundle, schema, array)
  local item, stop, index = array + 1, next_of[array], 0
  while item < stop do
    local is_seen = false
    for i = base, top - 1 do
      is_seen = is_seen
        or looks_at_item(bundle, looking[i], item, index, i == base)
    end
    if not is_seen then
      go_on(rest, item, item, faults.unevaluatedItems)
    end
    item, index = next_of[item], index + 1
  end
  top = base
end

--- Begins a value.
function _M.begin()
  top = 0
end

return _M
