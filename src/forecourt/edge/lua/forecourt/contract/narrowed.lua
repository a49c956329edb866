--- Values that are not for this audience: of an `enum` (x-enum-audience), of
-- alternatives that are hidden.
local bit = require("bit")

local held = require("forecourt.contract.held")
local layout = require("forecourt.contract.layout")
local memory = require("forecourt.json.memory")
local pending = require("forecourt.contract.pending")
local scalars = require("forecourt.contract.scalars")

local band, lshift = bit.band, bit.lshift
local kind = memory.kind

local _M = {}

--- Where a value is withheld, and no section says what stands in for it.
_M.NO_SECTION = -1

--- Whether a schema hides any values.
function _M.has_any(bundle, schema)
  local more = bundle.headers[lshift(schema, 3) + layout.MORE]
  return band(more, layout.NARROWED) ~= 0
end

-- Asks of each schema within a schema about the same value, until one gives
-- something else than 0.
local function first_of(bundle, schema, value, ask)
  local whole = bundle.headers[lshift(schema, 3) + layout.WHOLE]
  if whole == 0 or not pending.enter() then
    return 0
  end
  local found, entry = 0, whole + 1
  for _ = 1, bundle.words[whole] do
    found = ask(bundle, entry, value)
    if found ~= 0 then
      break
    end
    entry = entry + 3
  end
  pending.leave()
  return found
end

local function section_of_part(bundle, entry, value)
  local words = bundle.words
  if words[entry] == layout.ALL then
    return _M.section(bundle, words[entry + 1], value)
  end
  return 0
end

--- The section of a schema that withholds a value, itself or by a part of its
-- `allOf`; or 0.
function _M.section(bundle, schema, value)
  local section = bundle.headers[lshift(schema, 3) + layout.ENUM]
  if
    section ~= 0
    and kind[value] == memory.STRING
    and held.lists(bundle, section, value)
  then
    return section
  end
  return first_of(bundle, schema, value, section_of_part)
end

local function keeps_any(bundle, entry, value)
  local at = bundle.words[entry + 1]
  for i = at, at + bundle.words[entry + 2] - 1 do
    if pending.holds(bundle, bundle.words[i], value) then
      return true
    end
  end
  return false
end

local function alternative_of_part(bundle, entry, value)
  local words = bundle.words
  local operation = words[entry]
  if operation == layout.ALL then
    return _M.by_alternative(bundle, words[entry + 1], value)
  elseif operation == layout.HELD then
    return held.section(bundle, words[entry + 1], value)
  elseif operation == layout.SEEN and not keeps_any(bundle, entry, value) then
    return _M.NO_SECTION
  end
  return 0
end

--- The section by which an alternative withholds a value, wherever none that
-- the value keeps names it; or 0.
function _M.by_alternative(bundle, schema, value)
  return first_of(bundle, schema, value, alternative_of_part)
end

local function name_of_part(bundle, entry, value)
  local words = bundle.words
  local operation, at = words[entry], words[entry + 1]
  if operation == layout.ALL then
    return _M.names(bundle, at, value)
  elseif operation == layout.ANY or operation == layout.ONE then
    for i = at, at + words[entry + 2] - 1 do
      if
        pending.holds(bundle, words[i], value)
        and _M.names(bundle, words[i], value) ~= 0
      then
        return 1
      end
    end
  end
  return 0
end

--- Whether a schema, or an alternative in it that a value keeps, names it: in
-- an `enum`, or as a `const`.
-- @treturn number  1 or 0
function _M.names(bundle, schema, value)
  local section = bundle.headers[lshift(schema, 3) + layout.ENUM]
  if section ~= 0 and scalars.is_among(bundle, section, value) then
    return 1
  end
  return first_of(bundle, schema, value, name_of_part)
end

return _M
