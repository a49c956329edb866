--- Values of an `enum` that are not for this audience (x-enum-audience).
local bit = require("bit")

local layout = require("forecourt.contract.layout")
local memory = require("forecourt.json.memory")
local names = require("forecourt.contract.names")
local pending = require("forecourt.contract.pending")

local band, lshift = bit.band, bit.lshift
local from, to = memory.from, memory.to

local _M = {}

local find

local function is_listed(bundle, count, at, value)
  local first, size = from[value], to[value] - from[value]
  for i = at, at + count - 1 do
    if names.is(bundle, 2 * bundle.words[i], first, size) then
      return true
    end
  end
  return false
end

-- Withheld by an alternative, unless another lets it pass.
local function find_in_alternatives(bundle, entry, value)
  local words = bundle.words
  local at, count = words[entry + 1], words[entry + 2]
  local found = 0
  for i = at, at + count - 1 do
    if pending.holds(bundle, words[i], value) then
      return 0
    end
    if found == 0 then
      found = find(bundle, words[i], value)
    end
  end
  return found
end

find = function(bundle, schema, value)
  local words = bundle.words
  local header = bundle.headers + lshift(schema, 3)
  local section = header[layout.ENUM]
  if
    section ~= 0
    and words[section + 6] > 0
    and is_listed(bundle, words[section + 6], words[section + 7], value)
  then
    return section
  end
  local whole = header[layout.WHOLE]
  if whole == 0 or not pending.enter() then
    return 0
  end
  local found, entry = 0, whole + 1
  for _ = 1, words[whole] do
    local operation = words[entry]
    if found ~= 0 then
      break
    elseif operation == layout.ALL then
      found = find(bundle, words[entry + 1], value)
    elseif operation == layout.ANY or operation == layout.ONE then
      found = find_in_alternatives(bundle, entry, value)
    end
    entry = entry + 3
  end
  pending.leave()
  return found
end

--- The section that withholds a text, or 0.
-- @tparam table bundle   the contract
-- @tparam number schema  what the text is judged by
-- @tparam number value   the text, on the tape
function _M.section(bundle, schema, value)
  local header = bundle.headers + lshift(schema, 3)
  if band(header[layout.MORE], memory.STRING) == 0 then
    return 0
  end
  return find(bundle, schema, value)
end

return _M
