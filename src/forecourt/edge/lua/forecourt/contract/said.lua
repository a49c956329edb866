--- What the schemas that declare an array or object say of the part of it that
-- is at hand: which schemas it has to fit, and who may see it.
local ffi = require("ffi")
local bit = require("bit")

local declared = require("forecourt.contract.declared")
local held = require("forecourt.contract.held")
local layout = require("forecourt.contract.layout")
local memory = require("forecourt.json.memory")
local names = require("forecourt.contract.names")
local narrowed = require("forecourt.contract.narrowed")
local pending = require("forecourt.contract.pending")
local texts = require("forecourt.contract.texts")

local band, lshift = bit.band, bit.lshift
local kind, from, to = memory.kind, memory.from, memory.to
local add = declared.add
local ANYTHING, NOTHING = layout.ANYTHING, layout.NOTHING
local max = math.max

local _M = {}

local MOST = 4096
local said = ffi.new("int32_t[?]", MOST)
local said_count = 0
-- Whether one of them names the member.
local is_named = false

--- Goes on to another part, of which nothing is said yet.
function _M.forget()
  said_count, is_named = 0, false
end

--- Takes what one more schema, which declares the part, says of it.
local function say(schema)
  if said_count < MOST then
    said[said_count] = schema
    said_count = said_count + 1
  else
    pending.give_up()
  end
end

local function say_of_patterns(bundle, section, key)
  local words = bundle.words
  local entry = words[section + 6]
  local is_matched = false
  for _ = 1, words[section + 5] do
    if texts.fits(bundle, words[entry], from[key], to[key]) then
      is_matched = true
      say(words[entry + 1])
    end
    entry = entry + 2
  end
  return is_matched
end

--- Takes what the schema of an object says of a member.
-- @tparam table bundle   as forecourt.contract.bundle loads it
-- @tparam number schema  of the object
-- @tparam number key     the member's, on memory's tape
-- @treturn boolean  false: it withholds it
local function of_member(bundle, schema, key)
  if schema == ANYTHING then
    say(ANYTHING)
    return true
  end
  local words = bundle.words
  local section = bundle.headers[lshift(schema, 3) + layout.OBJECT]
  local found = names.member(bundle, section, key)
  local is_known = false
  if found ~= 0 then
    local flags = words[found + 2]
    if band(flags, layout.WITHHELD) ~= 0 then
      return false
    elseif band(flags, layout.DECLARED) ~= 0 then
      is_known, is_named = true, true
      say(words[found + 1])
    end
  end
  if words[section + 5] > 0 and say_of_patterns(bundle, section, key) then
    is_known = true
  end
  local rest = words[section + 14]
  if not is_known and rest >= 0 and rest ~= NOTHING then
    say(rest)
  end
  return true
end

--- Takes what the schema of an array says of the item with that index.
local function of_item(bundle, schema, index)
  if schema == ANYTHING then
    say(ANYTHING)
    return
  end
  local words = bundle.words
  local section = bundle.headers[lshift(schema, 3) + layout.ARRAY]
  local item = words[section + 7]
  if index < words[section + 9] then
    item = words[section + 10 + index]
  end
  if item >= 0 and item ~= NOTHING then
    say(item)
  end
end

-- Mostly one schema says something: it comes first, outside of any loop, since
-- one that mostly ends at once is given up by the compiler.

local function others_admit(bundle, k)
  for i = 1, said_count - 1 do
    if band(bundle.headers[lshift(said[i], 3)], k) ~= 0 then
      return true
    end
  end
  return false
end

--- Whether a value is of a kind that one of those schemas admits.
local function admits(bundle, value)
  local k = kind[value]
  return band(bundle.headers[lshift(said[0], 3)], k) ~= 0
    or said_count > 1 and others_admit(bundle, k)
end

-- The first of the schemas of the part at hand of which ask(schema) is not 0.
local function first_said(bundle, value, ask)
  for i = 0, said_count - 1 do
    local found = ask(bundle, said[i], value)
    if found ~= 0 then
      return found
    end
  end
  return 0
end

--- What keeps a value from this audience.
-- @tparam table bundle   as forecourt.contract.bundle loads it
-- @tparam number value   on memory's tape
-- @tparam boolean below  whether an alternative around it may hide it too
-- @treturn number  the section that narrows it; 0: nothing; below 0: all of it
--   is hidden, and nothing stands in for it
local function withheld_by(bundle, value, below)
  local section = first_said(bundle, value, narrowed.section)
  if section ~= 0 then
    return section
  end
  section = first_said(bundle, value, narrowed.by_alternative)
  if section == 0 and below then
    section = held.section_below(bundle, value)
  end
  if section ~= 0 and first_said(bundle, value, narrowed.names) ~= 0 then
    return 0
  end
  return section
end

local function others_narrow(bundle)
  for i = 1, said_count - 1 do
    if narrowed.has_any(bundle, said[i]) then
      return true
    end
  end
  return false
end

--- Whether one of them keeps some values from this audience.
local function narrows(bundle)
  return narrowed.has_any(bundle, said[0])
    or said_count > 1 and others_narrow(bundle)
end

local function gather_others(bundle, value, state)
  for i = 1, said_count - 1 do
    state = max(state, add(bundle, said[i], value))
  end
  return state
end

--- Gathers what declares the parts of the part at hand, an array or object.
-- @treturn number  as forecourt.contract.declared's `add`
local function gather(bundle, value)
  local state = add(bundle, said[0], value)
  if said_count > 1 then
    state = gather_others(bundle, value, state)
  end
  return state
end

--- Whether no schema says anything of it.
function _M.is_nothing()
  return said_count == 0
end

--- Whether nobody says what it is: at most that it may be anything.
function _M.is_anything()
  return said_count == 0 or said[0] == ANYTHING
end

--- Whether one of them has the member by its name.
function _M.is_named()
  return is_named
end

_M.say, _M.of_member, _M.of_item = say, of_member, of_item
_M.admits, _M.narrows, _M.withheld_by = admits, narrows, withheld_by
_M.gather = gather

return _M
