--- Whether a value keeps a schema, and every way in which it does not. Pairs of
-- a schema and a value wait on a stack; one loop takes them, whatever schemas
-- there are, so that the compiler sees the same few paths for each contract.
local bit = require("bit")

local arrays = require("forecourt.contract.arrays")
local faults = require("forecourt.contract.faults")
local layout = require("forecourt.contract.layout")
local memory = require("forecourt.json.memory")
local objects = require("forecourt.contract.objects")
local pending = require("forecourt.contract.pending")
local scalars = require("forecourt.contract.scalars")

local band, lshift = bit.band, bit.lshift
local kind = memory.kind
local STRING, ARRAY, OBJECT = memory.STRING, memory.ARRAY, memory.OBJECT
local KINDS, STRINGS, NUMBERS = layout.KINDS, layout.STRING, layout.NUMBER
local ARRAYS, OBJECTS, ENUM = layout.ARRAY, layout.OBJECT, layout.ENUM
local WHOLE, MORE = layout.WHOLE, layout.MORE
local ANYTHING, NOTHING = layout.ANYTHING, layout.NOTHING
local push, pop, broken = pending.push, pending.pop, pending.broken

local _M = {}

local run

-- Whether a value keeps a schema: the verdict only.
local function holds(bundle, schema, value)
  if schema == ANYTHING then
    return true
  elseif not pending.enter() then
    return false
  end
  local base = pending.height()
  push(schema, value)
  local does_hold = run(bundle, base, true)
  pending.leave()
  return does_hold
end

pending.holds = holds

-- One of several, or exactly one. Branches that do not admit a value of that
-- kind at all are not asked; where one is left it decides, and says why.
local function branches_hold(bundle, section, value, is_quiet, is_one)
  local words, headers = bundle.words, bundle.headers
  local at, count = words[section + 1], words[section + 2]
  local k = kind[value]
  local candidates, last = 0, NOTHING
  for i = at, at + count - 1 do
    if band(headers[lshift(words[i], 3)], k) ~= 0 then
      candidates = candidates + 1
      last = words[i]
    end
  end
  if candidates == 1 then
    push(last, value)
    return true
  end
  local held = 0
  for i = at, at + count - 1 do
    local branch = words[i]
    local does_admit = band(headers[lshift(branch, 3)], k) ~= 0
    if does_admit and holds(bundle, branch, value) then
      held = held + 1
      if held > 1 or not is_one then
        break
      end
    end
  end
  if held == 1 then
    return true
  end
  return broken(is_quiet, value, is_one and faults.oneOf or faults.anyOf, held)
end

local function whole_holds(bundle, section, value, is_quiet)
  local words = bundle.words
  local does_hold = true
  local at = section + 1
  for _ = 1, words[section] do
    local operation, a = words[at], words[at + 1]
    if operation == layout.ALL then
      push(a, value)
    elseif operation == layout.ANY then
      does_hold = branches_hold(bundle, at, value, is_quiet, false)
        and does_hold
    elseif operation == layout.ONE then
      does_hold = branches_hold(bundle, at, value, is_quiet, true)
        and does_hold
    elseif operation == layout.NOT then
      if holds(bundle, a, value) then
        does_hold = broken(is_quiet, value, faults["not"], 0)
      end
    else
      local does_apply = holds(bundle, words[a], value)
      push(words[a + (does_apply and 1 or 2)], value)
    end
    at = at + 3
  end
  return does_hold
end

local function one_holds(bundle, schema, value, is_quiet)
  local headers = bundle.headers
  local header = lshift(schema, 3)
  local k = kind[value]
  if band(headers[header + KINDS], k) == 0 then
    local rule = schema == NOTHING and faults["false"] or faults.type
    return broken(is_quiet, value, rule, headers[header + KINDS])
  elseif band(headers[header + MORE], k) == 0 then
    return true
  end
  local does_hold = true
  local enum, whole = headers[header + ENUM], headers[header + WHOLE]
  if enum ~= 0 then
    does_hold = scalars.enum_holds(bundle, enum, value, is_quiet)
  end
  if whole ~= 0 then
    does_hold = whole_holds(bundle, whole, value, is_quiet) and does_hold
  end
  if k == OBJECT then
    local section = headers[header + OBJECTS]
    if section ~= 0 then
      does_hold = objects.hold(bundle, section, value, is_quiet)
        and does_hold
    end
  elseif k == STRING then
    local section = headers[header + STRINGS]
    if section ~= 0 then
      does_hold = scalars.string_holds(bundle, section, value, is_quiet)
        and does_hold
    end
  elseif k == ARRAY then
    local section = headers[header + ARRAYS]
    if section ~= 0 then
      does_hold = arrays.hold(bundle, section, value, is_quiet)
        and does_hold
    end
  else
    local section = headers[header + NUMBERS]
    if section ~= 0 and k > memory.BOOLEAN then
      does_hold = scalars.number_holds(bundle, section, value, is_quiet)
        and does_hold
    end
  end
  return does_hold
end

run = function(bundle, base, is_quiet)
  local do_hold = true
  while pending.height() > base do
    local schema, value = pop()
    if not schema then
      pending.drop(base)
      return false
    end
    if not one_holds(bundle, schema, value, is_quiet) then
      do_hold = false
      if is_quiet or faults.has_more then
        pending.drop(base)
        return false
      end
    end
  end
  return do_hold
end

--- Judges the value on memory's tape.
-- @tparam table bundle   as forecourt.contract.bundle loads it
-- @tparam number schema  a root's, which is judged exactly (`inexact` is nil)
-- @tparam number count   how many entries the tape has
-- @treturn boolean|nil   whether it keeps the schema; nil: given up, for it
--   would take too long. What is wrong: forecourt.contract.faults
function _M.judge(bundle, schema, count)
  pending.begin(count, false)
  faults.clear()
  push(schema, 0)
  local does_hold = run(bundle, 0, false)
  if pending.is_given_up() then
    return nil
  end
  return does_hold
end

return _M
