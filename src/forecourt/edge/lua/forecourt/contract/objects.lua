--- Judges an object by a section about objects.
local bit = require("bit")

local faults = require("forecourt.contract.faults")
local layout = require("forecourt.contract.layout")
local memory = require("forecourt.json.memory")
local names = require("forecourt.contract.names")
local pending = require("forecourt.contract.pending")
local texts = require("forecourt.contract.texts")

local band, lshift = bit.band, bit.lshift
local kind, next_of, size_of = memory.kind, memory.next, memory.size
local from, to = memory.from, memory.to
local push, fail, state = pending.push, pending.fail, pending.state
local KINDS, MORE = layout.KINDS, layout.MORE
local REQUIRED, WITHHELD = layout.REQUIRED, layout.WITHHELD
local REFUSED = layout.REFUSED
local ANYTHING, NOTHING = layout.ANYTHING, layout.NOTHING

local _M = {}

-- Whether an object has a member of that name.
local function has_member(bundle, object, name)
  local key, stop = object + 1, next_of[object]
  while key < stop do
    if names.is(bundle, 2 * name, from[key], to[key] - from[key]) then
      return true
    end
    key = next_of[key + 1]
  end
  return false
end

_M.has_member = has_member

local function fail_missing(bundle, section, object)
  local words = bundle.words
  local entry = words[section + 10]
  for _ = 1, words[section + 9] do
    if
      band(words[entry + 2], REQUIRED) ~= 0
      and not has_member(bundle, object, words[entry])
    then
      fail(object, faults.required, words[entry])
    end
    entry = entry + 4
  end
end

local function judge_dependents(bundle, section, object)
  local words = bundle.words
  local at = words[section + 8]
  for _ = 1, words[section + 7] do
    if has_member(bundle, object, words[at]) then
      if words[at + 1] >= 0 then
        push(words[at + 1], object)
      end
      for i = words[at + 3], words[at + 3] + words[at + 2] - 1 do
        if not has_member(bundle, object, words[i]) then
          fail(object, faults.dependentRequired, words[i])
        end
      end
    end
    at = at + 4
  end
end

-- Pushes the schemas of the patterns that a key fits; whether it fits any.
local function push_patterns(bundle, section, key)
  local words = bundle.words
  local at = words[section + 6]
  local is_matched = false
  for _ = 1, words[section + 5] do
    if texts.fits(bundle, words[at], from[key], to[key]) then
      is_matched = true
      push(words[at + 1], key + 1)
    end
    at = at + 2
  end
  return is_matched
end

-- A member that no property of the section is about.
local function judge_other(bundle, section, key)
  local words = bundle.words
  if
    words[section + 5] > 0 and push_patterns(bundle, section, key)
    or words[section + 3] <= ANYTHING
  then
    return
  elseif words[section + 3] ~= NOTHING then
    push(words[section + 3], key + 1)
  elseif state.lenient == 0 then
    fail(key, faults.additionalProperties, 0)
  end
end

-- A member that the section names.
local function judge_named(bundle, section, key, schema)
  if bundle.words[section + 5] > 0 then
    push_patterns(bundle, section, key)
  end
  if schema > ANYTHING then
    local header = bundle.headers + lshift(schema, 3)
    local k = kind[key + 1]
    if band(header[KINDS], k) == 0 or band(header[MORE], k) ~= 0 then
      push(schema, key + 1)
    end
  end
end

-- A member that is not for the caller is judged as one that nobody has named,
-- so that nobody learns of it, and taken off later (forecourt.contract.filter).
local function judge_withheld(bundle, section, key, flags)
  if band(flags, REFUSED) ~= 0 then
    fail(key, faults.undeclared, 0)
  else
    judge_other(bundle, section, key)
  end
end

-- Judges a member; 1 if it is a required one, else 0.
local function judge_member(bundle, section, key)
  local words = bundle.words
  if words[section + 4] >= 0 then
    push(words[section + 4], key)
  end
  local found = names.member(bundle, section, key)
  if found == 0 then
    judge_other(bundle, section, key)
    return 0
  end
  local flags = words[found + 2]
  if flags <= REQUIRED then
    judge_other(bundle, section, key)
  elseif flags < WITHHELD then
    judge_named(bundle, section, key, words[found + 1])
  elseif state.lenient == 0 then
    judge_withheld(bundle, section, key, flags)
  end
  return band(flags, REQUIRED)
end

--- Judges an object. Its members wait for their schemas afterwards.
function _M.judge(bundle, section, object)
  local words = bundle.words
  local size = size_of[object]
  if size < words[section] then
    fail(object, faults.minProperties, words[section])
  end
  local most = words[section + 1]
  if most >= 0 and size > most then
    fail(object, faults.maxProperties, most)
  end
  local missing = words[section + 2]
  local key, stop = object + 1, next_of[object]
  while key < stop do
    missing = missing - judge_member(bundle, section, key)
    key = next_of[key + 1]
  end
  if missing > 0 then
    fail_missing(bundle, section, object)
  end
  if words[section + 7] > 0 then
    judge_dependents(bundle, section, object)
  end
end

return _M
