--- Judges an array by a section about arrays.
local bit = require("bit")

local canonical = require("forecourt.json.canonical").of
local faults = require("forecourt.contract.faults")
local layout = require("forecourt.contract.layout")
local memory = require("forecourt.json.memory")
local pending = require("forecourt.contract.pending")

local band, lshift = bit.band, bit.lshift
local kind, next_of, size_of = memory.kind, memory.next, memory.size
local push, broken = pending.push, pending.broken
local KINDS, MORE = layout.KINDS, layout.MORE
local ANYTHING = layout.ANYTHING

local _M = {}

local function has_repeats(array)
  local seen = {}
  local item, stop = array + 1, next_of[array]
  while item < stop do
    local own = canonical(item)
    if seen[own] then
      return true
    end
    seen[own] = true
    item = next_of[item]
  end
  return false
end

local function contains_holds(bundle, section, array, is_quiet)
  local words = bundle.words
  local schema, least = words[section + 4], words[section + 5]
  local most = words[section + 6]
  local count = 0
  local item, stop = array + 1, next_of[array]
  while item < stop do
    if pending.holds(bundle, schema, item) then
      count = count + 1
    end
    item = next_of[item]
  end
  if count < least or (most >= 0 and count > most) then
    local bound = count < least and least or most
    return broken(is_quiet, array, faults.contains, bound)
  end
  return true
end

--- Whether an array keeps a section. Schemas of its items wait afterwards.
function _M.hold(bundle, section, array, is_quiet)
  local words, headers = bundle.words, bundle.headers
  local does_hold = true
  local size = size_of[array]
  if size < words[section] then
    does_hold = broken(is_quiet, array, faults.minItems, words[section])
  end
  local most = words[section + 1]
  if most >= 0 and size > most then
    does_hold = broken(is_quiet, array, faults.maxItems, most)
  end
  if words[section + 2] == 1 and size > 1 and has_repeats(array) then
    does_hold = broken(is_quiet, array, faults.uniqueItems, 0)
  end
  if words[section + 4] >= 0 then
    does_hold = contains_holds(bundle, section, array, is_quiet)
      and does_hold
  end
  local items, before = words[section + 3], words[section + 8]
  if items <= ANYTHING and before == 0 then
    return does_hold
  end
  local item, stop, index = array + 1, next_of[array], 0
  while item < stop do
    local schema = items
    if index < before then
      schema = words[section + 9 + index]
    end
    if schema > ANYTHING then
      local header = lshift(schema, 3)
      if
        band(headers[header + KINDS], kind[item]) == 0
        or band(headers[header + MORE], kind[item]) ~= 0
      then
        push(schema, item)
      end
    end
    item, index = next_of[item], index + 1
  end
  return does_hold
end

return _M
