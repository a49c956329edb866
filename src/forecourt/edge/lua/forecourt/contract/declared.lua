--- Which schemas say what of a value is declared: all that judge the same
-- value, of alternatives those that it satisfies. They are gathered on a stack,
-- for the filter to go through member by member.
local bit = require("bit")

local discriminator = require("forecourt.contract.discriminator")
local held = require("forecourt.contract.held")
local layout = require("forecourt.contract.layout")
local memory = require("forecourt.json.memory")
local objects = require("forecourt.contract.objects")
local pending = require("forecourt.contract.pending")
require("forecourt.contract.judge") -- which answers `pending.holds`

local band, lshift = bit.band, bit.lshift
local kind = memory.kind
local OBJECT = memory.OBJECT
local ANYTHING = layout.ANYTHING
local max = math.max

local _M = {}

--- What schemas say of a value: NONE admits it, or it is admitted and nothing
-- is SAID about its parts, or some are declared.
local NONE, SILENT, DECLARED = 0, 1, 2
_M.NONE, _M.SILENT, _M.DECLARED = NONE, SILENT, DECLARED

--- Schemas that declare parts of the values that are open, innermost last.
local ROOM = memory.VALUES
local gathered = memory.zeros("int32_t", ROOM)
_M.gathered = gathered
local top = 0

--- How many are gathered.
function _M.height()
  return top
end

--- Drops all above a height.
function _M.drop(base)
  top = base
end

--- Gathers one.
local function gather(schema)
  if top >= ROOM then
    pending.give_up()
    return
  end
  gathered[top] = schema
  top = top + 1
end

_M.gather = gather

-- Whether a schema itself declares parts of a value of that kind.
local function declares(bundle, header, k)
  if k == OBJECT then
    local section = bundle.headers[header + layout.OBJECT]
    return section ~= 0
      and band(bundle.words[section + 13], layout.DECLARES) ~= 0
  end
  local section = bundle.headers[header + layout.ARRAY]
  return section ~= 0
    and (bundle.words[section + 7] >= 0 or bundle.words[section + 9] > 0)
end

local add

-- Alternatives: the union of what the satisfied ones declare. One that says
-- nothing lets anything pass, unless the schema around it declares parts: then
-- it is but a condition. Where none is satisfied, the only one for values of
-- that kind counts, or the one that the value says it means; else none does.
local function add_alternatives(bundle, entry, value, state)
  local words, headers = bundle.words, bundle.headers
  local at, count = words[entry + 1], words[entry + 2]
  local k = kind[value]
  local candidates, last = 0, -1
  for i = at, at + count - 1 do
    if band(headers[lshift(words[i], 3)], k) ~= 0 then
      candidates, last = candidates + 1, words[i]
    end
  end
  if candidates == 1 then
    local said = add(bundle, last, value)
    return said == NONE and DECLARED or max(state, said)
  end
  local is_satisfied, is_open, found = false, false, state
  for i = at, at + count - 1 do
    local branch = words[i]
    if
      band(headers[lshift(branch, 3)], k) ~= 0
      and pending.holds(bundle, branch, value)
    then
      is_satisfied = true
      local said = add(bundle, branch, value)
      is_open = is_open or said == SILENT
      found = max(found, said)
    end
  end
  if not is_satisfied then
    local meant = discriminator.chosen(bundle, entry, value)
    if meant then
      add(bundle, meant, value)
    end
    return DECLARED
  end
  if is_open and state ~= DECLARED and found == DECLARED then
    gather(ANYTHING)
  end
  return found
end

local function add_condition(bundle, entry, value, state)
  local words = bundle.words
  local place = words[entry + 1]
  local does_apply = pending.holds(bundle, words[place], value)
  if does_apply then
    state = max(state, add(bundle, words[place], value))
  end
  local said = add(bundle, words[place + (does_apply and 1 or 2)], value)
  return said == NONE and NONE or max(state, said)
end

local function add_dependents(bundle, section, object, state)
  local words = bundle.words
  local at = words[section + 8]
  for _ = 1, words[section + 7] do
    local name, schema = words[at], words[at + 1]
    if schema >= 0 and objects.has_member(bundle, object, name) then
      state = max(state, add(bundle, schema, object))
    end
    at = at + 4
  end
  return state
end

-- NONE: one of the schemas that all count does not admit the value.
local function add_part(bundle, entry, value, state)
  local words = bundle.words
  local operation = words[entry]
  if operation == layout.ALL then
    local said = add(bundle, words[entry + 1], value)
    return said == NONE and NONE or max(state, said)
  elseif operation == layout.IF then
    return add_condition(bundle, entry, value, state)
  elseif operation == layout.ANY or operation == layout.ONE then
    return add_alternatives(bundle, entry, value, state)
  elseif operation == layout.HELD then
    held.gather(bundle, words[entry + 1])
  end
  return state
end

-- Alternatives stand last (the compiler saw to that): what they mean depends on
-- what is said beside them. What they hide stands first, and is held back even
-- where nothing is admitted. One part is the rule, so it comes outside of the
-- loop, which the compiler would give up.
local function add_whole(bundle, section, value, state)
  state = add_part(bundle, section + 1, value, state)
  local count = bundle.words[section]
  if count > 1 and state ~= NONE then
    for i = 2, count do
      if state == NONE then
        break
      end
      state = add_part(bundle, section + 3 * i - 2, value, state)
    end
  end
  return state
end

add = function(bundle, schema, value)
  if schema == ANYTHING then
    return SILENT
  elseif not pending.enter() then
    return NONE
  end
  local header, k = lshift(schema, 3), kind[value]
  local headers, base = bundle.headers, top
  local state = NONE
  if band(headers[header], k) ~= 0 then
    state = SILENT
    if declares(bundle, header, k) then
      gather(schema)
      state = DECLARED
    end
    local object = k == OBJECT and headers[header + layout.OBJECT] or 0
    if object ~= 0 and bundle.words[object + 7] > 0 then
      state = add_dependents(bundle, object, value, state)
    end
    local whole = headers[header + layout.WHOLE]
    if whole ~= 0 then
      state = add_whole(bundle, whole, value, state)
      if state == NONE then
        top = base
      end
    end
  end
  pending.leave()
  return state
end

--- Gathers what a schema says about the parts of an array or object.
-- @treturn number  NONE, SILENT or DECLARED
function _M.add(bundle, schema, value)
  return add(bundle, schema, value)
end

return _M
