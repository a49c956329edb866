--- What is held back wherever one of several alternatives hides it:
-- forecourt.compiler.bundle.held. Readings are gathered on a stack while an
-- array or object is open; each says what of its parts is hidden, and which
-- readings count for what is in them.
local ffi = require("ffi")
local bit = require("bit")

local canonical = require("forecourt.json.canonical").of
local layout = require("forecourt.contract.layout")
local memory = require("forecourt.json.memory")
local names = require("forecourt.contract.names")
local pending = require("forecourt.contract.pending")
local text = require("forecourt.contract.bundle").text
local texts = require("forecourt.contract.texts")

local band, lshift = bit.band, bit.lshift
local kind, from, to = memory.kind, memory.from, memory.to

local _M = {}

local ROOM = 65536
local gathered = memory.zeros("int32_t", ROOM)
local top = 0

-- The lists for what is in the part at hand.
local MOST = 4096
local below = ffi.new("int32_t[?]", MOST)
local below_count = 0

--- Begins a body.
function _M.begin()
  top, below_count = 0, 0
end

--- How many readings are gathered.
function _M.height()
  return top
end

--- Drops all above a height.
function _M.drop(base)
  top = base
end

--- Gathers a list of readings: their count, then their numbers.
local function gather(bundle, list)
  local words = bundle.words
  local count = words[list]
  if top + count > ROOM then
    pending.give_up()
    return
  end
  for i = list + 1, list + count do
    gathered[top] = words[i]
    top = top + 1
  end
end

_M.gather = gather

--- Gathers what counts within the part that was asked about last.
function _M.gather_below(bundle)
  for i = 0, below_count - 1 do
    gather(bundle, below[i])
  end
end

local function take(list)
  if list == 0 then
    return
  elseif below_count < MOST then
    below[below_count] = list
    below_count = below_count + 1
  else
    pending.give_up()
  end
end

local function hides_by_pattern(bundle, section, key)
  local words = bundle.words
  local at = words[section + 6]
  local hides, is_known = false, false
  for _ = 1, words[section + 5] do
    if texts.fits(bundle, words[at], from[key], to[key]) then
      is_known = true
      hides = hides or words[at + 1] ~= 0
      take(words[at + 2])
    end
    at = at + 3
  end
  return hides, is_known
end

-- Whether a reading hides a member.
local function hides_member(bundle, section, key)
  local words = bundle.words
  local hides, is_known = false, false
  if words[section + 5] > 0 then
    hides, is_known = hides_by_pattern(bundle, section, key)
  end
  local found = names.member(bundle, section, key)
  if found ~= 0 then
    is_known = true
    hides = hides or words[found + 2] ~= 0
    take(words[found + 1])
  end
  if not is_known then
    hides = words[section + 3] ~= 0
    take(words[section + 14])
  end
  return hides
end

local function hides_item(bundle, section, index)
  local words = bundle.words
  local at = section
  if index < words[section + 2] then
    at = section + 3 + 2 * index
  end
  take(words[at + 1])
  return words[at] ~= 0
end

--- Whether a part of the innermost that is open is hidden by an alternative.
-- @tparam number base     what was gathered for it stands above
-- @tparam number part     a member's key, or an item, on the tape
-- @tparam number index    an item's; -1 for a member
function _M.hides(bundle, base, part, index)
  below_count = 0
  local slot = index < 0 and layout.OBJECT or layout.ARRAY
  local hides = false
  for i = base, top - 1 do
    local section = bundle.headers[lshift(gathered[i], 3) + slot]
    if section ~= 0 and index < 0 then
      hides = hides_member(bundle, section, part) or hides
    elseif section ~= 0 then
      hides = hides_item(bundle, section, index) or hides
    end
  end
  return hides
end

local function is_listed(bundle, count, at, value)
  if count == 0 then
    return false
  elseif kind[value] == memory.STRING then
    local first, size = from[value], to[value] - from[value]
    for i = at, at + count - 1 do
      if names.is(bundle, 2 * bundle.words[i], first, size) then
        return true
      end
    end
    return false
  end
  local own = canonical(value)
  for i = at, at + count - 1 do
    if text(bundle, bundle.words[i]) == own then
      return true
    end
  end
  return false
end

--- Whether a section of values that are hidden lists a value. Texts stand where
-- those of an `enum` do that are withheld, others where its others do.
function _M.lists(bundle, section, value)
  local words = bundle.words
  local at = section + (kind[value] == memory.STRING and 6 or 4)
  return is_listed(bundle, words[at], words[at + 1], value)
end

--- The section of a list's readings that hides a value, or 0.
function _M.section(bundle, list, value)
  local words = bundle.words
  for i = list + 1, list + words[list] do
    local section = bundle.headers[lshift(words[i], 3) + layout.ENUM]
    if section ~= 0 and _M.lists(bundle, section, value) then
      return section
    end
  end
  return 0
end

--- The same of what counts within the part that was asked about last.
function _M.section_below(bundle, value)
  for i = 0, below_count - 1 do
    local section = _M.section(bundle, below[i], value)
    if section ~= 0 then
      return section
    end
  end
  return 0
end

return _M
