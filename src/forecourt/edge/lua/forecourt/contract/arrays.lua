--- Judges an array by a section about arrays.
local bit = require("bit")

local canonical = require("forecourt.json.canonical").of
local faults = require("forecourt.contract.faults")
local layout = require("forecourt.contract.layout")
local memory = require("forecourt.json.memory")
local pending = require("forecourt.contract.pending")

local band, lshift = bit.band, bit.lshift
local kind, next_of, size_of = memory.kind, memory.next, memory.size
local push, fail = pending.push, pending.fail
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

local function judge_contained(bundle, section, array)
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
  if count < least then
    fail(array, faults.contains, least)
  elseif most >= 0 and count > most then
    fail(array, faults.contains, most)
  end
end

local function push_item(bundle, schema, item)
  local header = bundle.headers + lshift(schema, 3)
  local k = kind[item]
  if band(header[KINDS], k) == 0 or band(header[MORE], k) ~= 0 then
    push(schema, item)
  end
end

local function push_items(bundle, section, array)
  local words = bundle.words
  local items, before = words[section + 3], words[section + 9]
  local item, stop, index = array + 1, next_of[array], 0
  while index < before and item < stop do
    push_item(bundle, words[section + 10 + index], item)
    item, index = next_of[item], index + 1
  end
  if items > ANYTHING then
    while item < stop do
      push_item(bundle, items, item)
      item = next_of[item]
    end
  end
end

--- Judges an array. Its items wait for their schemas afterwards.
function _M.judge(bundle, section, array)
  local words = bundle.words
  local size = size_of[array]
  if size < words[section] then
    fail(array, faults.minItems, words[section])
  end
  local most = words[section + 1]
  if most >= 0 and size > most then
    fail(array, faults.maxItems, most)
  end
  if words[section + 2] == 1 and size > 1 and has_repeats(array) then
    fail(array, faults.uniqueItems, 0)
  end
  if words[section + 4] >= 0 then
    judge_contained(bundle, section, array)
  end
  push_items(bundle, section, array)
end

return _M
