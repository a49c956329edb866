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
local from, to, hashes = memory.from, memory.to, memory.hash
local find = names.find
local push, broken, take = pending.push, pending.broken, faults.take
local KINDS, MORE = layout.KINDS, layout.MORE
local REQUIRED, DECLARED = layout.REQUIRED, layout.DECLARED
local WITHHELD = layout.WITHHELD
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

local function take_missing(bundle, section, object)
  local words = bundle.words
  local entry = words[section + 10]
  for _ = 1, words[section + 9] do
    if band(words[entry + 2], REQUIRED) ~= 0 then
      if not has_member(bundle, object, words[entry]) then
        take(object, faults.required, words[entry])
      end
    end
    entry = entry + 4
  end
end

local function dependents_hold(bundle, section, object, is_quiet)
  local words = bundle.words
  local does_hold = true
  local at = words[section + 8]
  for _ = 1, words[section + 7] do
    if has_member(bundle, object, words[at]) then
      if words[at + 1] >= 0 then
        push(words[at + 1], object)
      end
      for i = words[at + 3], words[at + 3] + words[at + 2] - 1 do
        if not has_member(bundle, object, words[i]) then
          does_hold =
            broken(is_quiet, object, faults.dependentRequired, words[i])
        end
      end
    end
    at = at + 4
  end
  return does_hold
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

--- Whether an object keeps a section. Schemas of its members wait afterwards.
function _M.hold(bundle, section, object, is_quiet)
  local words, headers = bundle.words, bundle.headers
  local does_hold = true
  local size = size_of[object]
  if size < words[section] then
    does_hold = broken(is_quiet, object, faults.minProperties, words[section])
  end
  local most = words[section + 1]
  if most >= 0 and size > most then
    does_hold = broken(is_quiet, object, faults.maxProperties, most)
  end
  local missing, additional = words[section + 2], words[section + 3]
  local named, patterns = words[section + 4], words[section + 5]
  local properties = words[section + 9]
  local first, mask = words[section + 11], words[section + 12]
  local key, stop = object + 1, next_of[object]
  while key < stop do
    local value = key + 1
    local found = 0
    if properties > 0 then
      found = find(
        bundle,
        first,
        mask,
        hashes[key],
        from[key],
        to[key] - from[key]
      )
    end
    local schema = additional
    if found ~= 0 then
      local flags = words[found + 2]
      schema = words[found + 1]
      missing = missing - band(flags, REQUIRED)
      if band(flags, WITHHELD) ~= 0 then
        if not pending.is_lenient then
          does_hold = broken(is_quiet, key, faults.undeclared, 0)
        end
        schema = ANYTHING
      elseif band(flags, DECLARED) == 0 then
        schema = additional
        found = 0
      end
    end
    if patterns > 0 and push_patterns(bundle, section, key) and found == 0 then
      schema = ANYTHING
    end
    if named >= 0 then
      push(named, key)
    end
    if schema > ANYTHING then
      if schema == NOTHING and found == 0 then
        if not pending.is_lenient then
          does_hold = broken(is_quiet, key, faults.additionalProperties, 0)
        end
      else
        local header = lshift(schema, 3)
        if
          band(headers[header + KINDS], kind[value]) == 0
          or band(headers[header + MORE], kind[value]) ~= 0
        then
          push(schema, value)
        end
      end
    end
    key = next_of[value]
  end
  if missing > 0 then
    does_hold = false
    if not is_quiet then
      take_missing(bundle, section, object)
    end
  end
  if words[section + 7] > 0 then
    does_hold = dependents_hold(bundle, section, object, is_quiet)
      and does_hold
  end
  return does_hold
end

return _M
