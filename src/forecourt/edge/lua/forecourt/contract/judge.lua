--- Whether a value keeps a schema, and every way in which it does not. Pairs of
-- a schema and a value wait on a stack; one loop takes them, whatever schemas
-- there are, so that the compiler sees the same few paths for each contract.
local bit = require("bit")

local arrays = require("forecourt.contract.arrays")
local discriminator = require("forecourt.contract.discriminator")
local faults = require("forecourt.contract.faults")
local layout = require("forecourt.contract.layout")
local memory = require("forecourt.json.memory")
local objects = require("forecourt.contract.objects")
local pending = require("forecourt.contract.pending")
local scalars = require("forecourt.contract.scalars")
local unevaluated = require("forecourt.contract.unevaluated")

local band, lshift = bit.band, bit.lshift
local kind = memory.kind
local STRING, ARRAY, OBJECT = memory.STRING, memory.ARRAY, memory.OBJECT
local KINDS, STRINGS, NUMBERS = layout.KINDS, layout.STRING, layout.NUMBER
local ARRAYS, OBJECTS, ENUM = layout.ARRAY, layout.OBJECT, layout.ENUM
local WHOLE = layout.WHOLE
local ANYTHING, NOTHING = layout.ANYTHING, layout.NOTHING
local push, pop, fail = pending.push, pending.pop, pending.fail
local state = pending.state

local _M = {}

local run

-- Whether a value keeps a schema: the verdict only.
local function holds(bundle, schema, value)
  if schema == ANYTHING then
    return true
  elseif not pending.enter() then
    return false
  end
  local failed, quiet = state.failed, state.quiet
  state.failed, state.quiet = 0, 1
  local base = pending.height()
  push(schema, value)
  run(bundle, base)
  local does_hold = state.failed == 0
  state.failed, state.quiet = failed, quiet
  pending.leave()
  return does_hold
end

pending.holds = holds

-- How many of several schemas a value keeps: two are as good as more.
local function count_kept(bundle, at, count, value, most)
  local words, headers = bundle.words, bundle.headers
  local kept = 0
  for i = at, at + count - 1 do
    if
      band(headers[lshift(words[i], 3)], kind[value]) ~= 0
      and holds(bundle, words[i], value)
    then
      kept = kept + 1
      if kept >= most then
        break
      end
    end
  end
  return kept
end

-- Where no alternative is kept, what is wrong with the one that was meant says
-- more than that none is.
local function fail_alternatives(bundle, entry, value, rule, kept)
  local meant
  if kept == 0 and state.quiet == 0 then
    meant = discriminator.chosen(bundle, entry, value)
  end
  if meant then
    state.failed = 1
    push(meant, value)
  else
    fail(value, rule, 0)
  end
end

-- One of several, or exactly one. Where one alone admits values of that kind,
-- it decides, and says why.
local function judge_alternatives(bundle, entry, value, most, rule)
  local words, headers = bundle.words, bundle.headers
  local at, count = words[entry + 1], words[entry + 2]
  local candidates, last = 0, NOTHING
  for i = at, at + count - 1 do
    if band(headers[lshift(words[i], 3)], kind[value]) ~= 0 then
      candidates, last = candidates + 1, words[i]
    end
  end
  if candidates == 1 then
    push(last, value)
  else
    local kept = count_kept(bundle, at, count, value, most)
    if kept ~= 1 then
      fail_alternatives(bundle, entry, value, rule, kept)
    end
  end
end

local function judge_part(bundle, entry, value)
  local words = bundle.words
  local operation, a = words[entry], words[entry + 1]
  if operation == layout.ALL then
    push(a, value)
  elseif operation == layout.ANY then
    judge_alternatives(bundle, entry, value, 1, faults.anyOf)
  elseif operation == layout.ONE then
    judge_alternatives(bundle, entry, value, 2, faults.oneOf)
  elseif operation == layout.NOT then
    if holds(bundle, a, value) then
      fail(value, faults["not"], 0)
    end
  elseif operation == layout.IF then
    local does_apply = holds(bundle, words[a], value)
    push(words[a + (does_apply and 1 or 2)], value)
  end
end

-- One part is the rule, and a loop that mostly ends at once is given up by the
-- compiler.
local function judge_whole(bundle, section, value)
  judge_part(bundle, section + 1, value)
  local count = bundle.words[section]
  if count > 1 then
    for i = 2, count do
      judge_part(bundle, section + 3 * i - 2, value)
    end
  end
end

-- What a value of a kind that is not admitted is told.
local function fail_kind(bundle, header, value)
  local choices = header[ENUM]
  if choices ~= 0 then
    scalars.fail_choice(bundle, choices, value)
  elseif header[KINDS] == 0 then
    fail(value, faults["false"], 0)
  else
    fail(value, faults.type, header[KINDS])
  end
end

local function judge_one(bundle, schema, value)
  local header = bundle.headers + lshift(schema, 3)
  local k = kind[value]
  if band(header[KINDS], k) == 0 then
    fail_kind(bundle, header, value)
    return
  end
  if header[ENUM] ~= 0 then
    scalars.judge_choice(bundle, header[ENUM], value)
  end
  if header[WHOLE] ~= 0 then
    judge_whole(bundle, header[WHOLE], value)
  end
  if k == STRING then
    if header[STRINGS] ~= 0 then
      scalars.judge_string(bundle, header[STRINGS], value)
    end
  elseif k == OBJECT then
    local section = header[OBJECTS]
    if section ~= 0 then
      objects.judge(bundle, section, value)
      local rest = bundle.words[section + 15]
      if rest >= 0 then
        unevaluated.judge_members(bundle, schema, rest, value)
      end
    end
  elseif k == ARRAY then
    local section = header[ARRAYS]
    if section ~= 0 then
      arrays.judge(bundle, section, value)
      local rest = bundle.words[section + 8]
      if rest >= 0 then
        unevaluated.judge_items(bundle, schema, rest, value)
      end
    end
  elseif header[NUMBERS] ~= 0 and k > memory.BOOLEAN then
    scalars.judge_number(bundle, header[NUMBERS], value)
  end
end

run = function(bundle, base)
  while pending.height() > base do
    local schema, value = pop()
    if schema < 0 then
      state.failed = 1
      pending.drop(base)
      return
    end
    judge_one(bundle, schema, value)
    if state.failed ~= 0 and (state.quiet ~= 0 or faults.has_more) then
      pending.drop(base)
      return
    end
  end
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
  unevaluated.begin()
  push(schema, 0)
  run(bundle, 0)
  if pending.is_given_up() then
    return nil
  end
  return state.failed == 0
end

return _M
