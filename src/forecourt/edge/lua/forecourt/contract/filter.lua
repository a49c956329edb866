--- Lets what a contract declares leave, at every depth, and nothing else; or
-- takes what is hidden out of what comes in. Goes through the tape once, in the
-- order of the bytes, one member or item a step.
local ffi = require("ffi")
local bit = require("bit")

local cuts = require("forecourt.contract.cuts")
local declared = require("forecourt.contract.declared")
local held = require("forecourt.contract.held")
local layout = require("forecourt.contract.layout")
local leaks = require("forecourt.contract.leaks")
local memory = require("forecourt.json.memory")
local pending = require("forecourt.contract.pending")
local reader = require("forecourt.json.reader")
local said = require("forecourt.contract.said")
local unevaluated = require("forecourt.contract.unevaluated")

local band, lshift = bit.band, bit.lshift
local kind, next_of = memory.kind, memory.next
local at, till = memory.at, memory.till
local gathered = declared.gathered
local OBJECT, ARRAY = memory.OBJECT, memory.ARRAY
local ANYTHING = layout.ANYTHING
local PARTS = ARRAY + OBJECT

local _M = {}

-- What goes: of an answer all that is not declared; of a request what is hidden
-- from who sent it; of one that cannot be cut also what nobody names beside it.
local UNDECLARED, HIDDEN, UNNAMED = 0, 1, 2
local mode = UNDECLARED

-- Arrays and objects that are open, from the outside in: where each is on the
-- tape, which schemas declare its parts, and how far it was gone through.
local DEPTH = reader.DEPTH + 1
local entry_of = ffi.new("int32_t[?]", DEPTH)
local first_schema = ffi.new("int32_t[?]", DEPTH)
local first_held = ffi.new("int32_t[?]", DEPTH)
-- Whether something is hidden in it, where what is not named goes then.
local is_closed = ffi.new("bool[?]", DEPTH)
local cursor_of = ffi.new("int32_t[?]", DEPTH)
local index_of = ffi.new("int32_t[?]", DEPTH)
-- The end of the last part, and of the last that stays; -1 while none does.
local ended_at = ffi.new("int32_t[?]", DEPTH)
local kept_until = ffi.new("int32_t[?]", DEPTH)

-- Whether alternatives may hide something in the part at hand.
local has_below = false

-- What goes on in place of a value that is not for this audience: -1 for
-- nothing, -2 where it is for this audience. Values come in as they are: what
-- is no choice of their sender was refused.
local function replacement(bundle, value)
  if not (has_below or said.narrows(bundle)) or mode ~= UNDECLARED then
    return -2
  end
  local section = said.withheld_by(bundle, value, has_below)
  if section == 0 then
    return -2
  end
  return section < 0 and -1 or bundle.words[section + 8]
end

local depth

-- Whether one of the gathered hides members, or an alternative does.
local function hides_members(bundle, base, held_base)
  for i = base, declared.height() - 1 do
    local object = bundle.headers[lshift(gathered[i], 3) + layout.OBJECT]
    if
      object ~= 0
      and band(bundle.words[object + 13], layout.HIDES) ~= 0
    then
      return true
    end
  end
  return held.height() > held_base
end

-- Opens an array or object, unless all of it stays as it is.
local function open(bundle, value)
  local base, held_base = declared.height(), held.height()
  local state = said.gather(bundle, value)
  if has_below then
    held.gather_below(bundle)
  end
  if state == declared.SILENT then
    declared.drop(base)
    if held.height() == held_base then
      return
    end
    declared.gather(ANYTHING)
  elseif declared.height() == base then
    leaks.mismatch(value)
  end
  entry_of[depth], first_schema[depth] = value, base
  first_held[depth] = held_base
  is_closed[depth] = mode == UNNAMED
    and kind[value] == OBJECT
    and hides_members(bundle, base, held_base)
  cursor_of[depth], index_of[depth] = value + 1, 0
  kept_until[depth] = -1
  depth = depth + 1
end

-- What is between the last part that stays and this one goes.
local function keep(frame, begin, stop)
  if kept_until[frame] < 0 then
    local first = at[entry_of[frame] + 1]
    if begin > first then
      cuts.cut(first, begin)
    end
  end
  kept_until[frame] = stop
end

local function remove(frame, part, stop)
  leaks.remove(part)
  if kept_until[frame] >= 0 then
    cuts.cut(kept_until[frame], stop)
    kept_until[frame] = stop
  end
end

local function close(frame)
  local entry = entry_of[frame]
  if kept_until[frame] < 0 and next_of[entry] > entry + 1 then
    -- From the first part to the last, whatever spaces stand around them.
    cuts.cut(at[entry + 1], ended_at[frame])
  end
  declared.drop(first_schema[frame])
  held.drop(first_held[frame])
  depth = frame
end

-- Says what one of the gathered says of a part; false: it withholds it.
local function say_of_part(bundle, frame, part, gathered_at)
  if kind[entry_of[frame]] == OBJECT then
    return said.of_member(bundle, gathered[gathered_at], part)
  end
  said.of_item(bundle, gathered[gathered_at], index_of[frame])
  return true
end

local function say_of_others(bundle, frame, part, stays)
  for i = first_schema[frame] + 1, declared.height() - 1 do
    stays = say_of_part(bundle, frame, part, i) and stays
  end
  return stays
end

-- Whether an alternative hides a part, and nobody who counts names it: a member
-- by its name, an item by saying what it is.
local function is_held_back(bundle, frame, part)
  local is_member = kind[entry_of[frame]] == OBJECT
  local index = is_member and -1 or index_of[frame]
  local hides = held.hides(bundle, first_held[frame], part, index)
  has_below = true
  if is_member then
    return hides and not said.is_named()
  end
  return hides and said.is_anything()
end

-- Whether a part stays, as far as it is known who declares it. On the way in
-- what nobody declares was judged, and may stay.
local function is_declared(bundle, frame, part)
  said.forget()
  has_below = false
  local first, stop = first_schema[frame], declared.height()
  local stays = true
  if stop > first then
    stays = say_of_part(bundle, frame, part, first)
    if stop - first > 1 then
      stays = say_of_others(bundle, frame, part, stays)
    end
  end
  if mode ~= UNDECLARED then
    if is_closed[frame] and not said.is_named() then
      return false
    elseif said.is_nothing() then
      said.say(ANYTHING)
    end
  end
  local is_held = held.height() > first_held[frame]
    and is_held_back(bundle, frame, part)
  return stays and not said.is_nothing() and not is_held
end

-- Goes on with a part that stays.
local function enter(bundle, frame, part, value, text)
  keep(frame, at[part], till[value])
  if text >= 0 then
    cuts.replace(at[value], till[value], text)
  elseif band(kind[value], PARTS) ~= 0 then
    open(bundle, value)
  elseif not said.admits(bundle, value) then
    leaks.mismatch(value)
  end
end

-- Takes the next part of the innermost that is open.
local function step(bundle, frame)
  local part = cursor_of[frame]
  local value = part
  if kind[entry_of[frame]] == OBJECT then
    value = part + 1
  end
  cursor_of[frame] = next_of[value]
  local stays = is_declared(bundle, frame, part)
  local text = -2
  if stays and band(kind[value], PARTS) == 0 then
    text = replacement(bundle, value)
  end
  if stays and text ~= -1 then
    enter(bundle, frame, part, value, text)
  else
    remove(frame, part, till[value])
  end
  index_of[frame] = index_of[frame] + 1
  ended_at[frame] = till[value]
end

-- The body itself, which has nothing around it that it could be removed from.
local function begin(bundle, schema, count)
  pending.begin(count, mode == UNDECLARED)
  unevaluated.begin()
  held.begin()
  declared.drop(0)
  cuts.begin()
  leaks.begin()
  said.forget()
  depth, has_below = 0, false
  said.say(schema)
  if band(kind[0], PARTS) ~= 0 then
    open(bundle, 0)
    return true
  end
  local text = replacement(bundle, 0)
  if text >= 0 then
    cuts.replace(at[0], till[0], text)
  elseif not said.admits(bundle, 0) then
    leaks.mismatch(0)
  end
  return text ~= -1
end

-- As `filter` says.
local function run(bundle, schema, count, size)
  local may_leave = begin(bundle, schema, count)
  while depth > 0 do
    local frame = depth - 1
    if pending.is_given_up() then
      return nil, "given up"
    elseif cursor_of[frame] < next_of[entry_of[frame]] then
      step(bundle, frame)
    else
      close(frame)
    end
  end
  if pending.is_given_up() then
    return nil, "given up"
  elseif not may_leave then
    return nil, "undeclared"
  elseif cuts.is_empty() then
    return false
  end
  if mode == UNNAMED then
    return true
  end
  local result = cuts.result(bundle, size)
  if not result then
    return nil, "bytes"
  end
  return true, result
end

--- Filters the body on memory's tape.
-- @tparam table bundle   as forecourt.contract.bundle loads it, of a view of
--   answers
-- @tparam number schema  a root's
-- @tparam number count   how many entries the tape has
-- @tparam number size    how many bytes the body has
-- @treturn boolean|nil   true: something was removed or replaced; false:
--   nothing; nil: nothing of the body may leave
-- @treturn string|nil    what leaves, if something was; or why nothing may:
--   "undeclared", "bytes" (it became too large) or "given up" (it would take
--   too long). What was removed: forecourt.contract.leaks
function _M.filter(bundle, schema, count, size)
  mode = UNDECLARED
  return run(bundle, schema, count, size)
end

--- Takes members that are hidden from their sender out of a request's body. It
-- was judged before, with them as members that nobody has named.
-- @return  the same
function _M.without_hidden(bundle, schema, count, size)
  mode = HIDDEN
  return run(bundle, schema, count, size)
end

--- Where a request that cannot be cut holds members that are hidden, or that
-- could be: in an object of which something is hidden, all that nobody names.
-- So nobody can tell one from the other.
-- @treturn table|nil  JSON pointers; nil: it would take too long
function _M.unnamed(bundle, schema, count)
  mode = UNNAMED
  local found = run(bundle, schema, count)
  return found ~= nil and leaks.removed(true) or nil
end

return _M
