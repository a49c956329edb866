--- Lets what a contract declares leave, at every depth, and nothing else. Goes
-- through the tape once, in the order of the bytes, one member or item a step.
local ffi = require("ffi")
local bit = require("bit")

local cuts = require("forecourt.contract.cuts")
local declared = require("forecourt.contract.declared")
local layout = require("forecourt.contract.layout")
local leaks = require("forecourt.contract.leaks")
local memory = require("forecourt.json.memory")
local names = require("forecourt.contract.names")
local narrowed = require("forecourt.contract.narrowed")
local pending = require("forecourt.contract.pending")
local reader = require("forecourt.json.reader")
local texts = require("forecourt.contract.texts")
local unevaluated = require("forecourt.contract.unevaluated")

local band, lshift = bit.band, bit.lshift
local kind, next_of = memory.kind, memory.next
local at, till, from, to = memory.at, memory.till, memory.from, memory.to
local hashes = memory.hash
local gathered, add = declared.gathered, declared.add
local find = names.find
local OBJECT, ARRAY, STRING = memory.OBJECT, memory.ARRAY, memory.STRING
local ANYTHING, NOTHING = layout.ANYTHING, layout.NOTHING
local DECLARED = declared.DECLARED
local PARTS = ARRAY + OBJECT
local max = math.max

local _M = {}

-- Arrays and objects that are open, from the outside in: where each is on the
-- tape, which schemas declare its parts, and how far it was gone through.
local DEPTH = reader.DEPTH + 1
local entry_of = ffi.new("int32_t[?]", DEPTH)
local first_schema = ffi.new("int32_t[?]", DEPTH)
local cursor_of = ffi.new("int32_t[?]", DEPTH)
local index_of = ffi.new("int32_t[?]", DEPTH)
-- The end of the last part, and of the last that stays; -1 while none does.
local ended_at = ffi.new("int32_t[?]", DEPTH)
local kept_until = ffi.new("int32_t[?]", DEPTH)

-- The schemas of the part at hand: what each of the gathered says of it.
local MOST = 4096
local said = ffi.new("int32_t[?]", MOST)
local said_count = 0

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

-- Says what one schema says of a member; false: it withholds it.
local function say_of_member(bundle, schema, key)
  if schema == ANYTHING then
    say(ANYTHING)
    return true
  end
  local words = bundle.words
  local section = bundle.headers[lshift(schema, 3) + layout.OBJECT]
  local found = 0
  if words[section + 9] > 0 then
    found = find(
      bundle,
      words[section + 11],
      words[section + 12],
      hashes[key],
      from[key],
      to[key] - from[key]
    )
  end
  local is_named = false
  if found ~= 0 then
    local flags = words[found + 2]
    if band(flags, layout.WITHHELD) ~= 0 then
      return false
    elseif band(flags, layout.DECLARED) ~= 0 then
      is_named = true
      say(words[found + 1])
    end
  end
  if words[section + 5] > 0 and say_of_patterns(bundle, section, key) then
    is_named = true
  end
  local rest = words[section + 14]
  if not is_named and rest >= 0 and rest ~= NOTHING then
    say(rest)
  end
  return true
end

local function say_of_item(bundle, schema, index)
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

-- Whether a value is of a kind that one of those schemas admits.
local function is_admitted(bundle, value)
  local k = kind[value]
  return band(bundle.headers[lshift(said[0], 3)], k) ~= 0
    or said_count > 1 and others_admit(bundle, k)
end

local function others_withhold(bundle, value)
  for i = 1, said_count - 1 do
    local section = narrowed.section(bundle, said[i], value)
    if section ~= 0 then
      return section
    end
  end
  return 0
end

-- The text that goes on in place of one that is not for this audience: -1 for
-- none, -2 where it is for this audience.
local function replacement(bundle, value)
  local section = narrowed.section(bundle, said[0], value)
  if section == 0 and said_count > 1 then
    section = others_withhold(bundle, value)
  end
  return section == 0 and -2 or bundle.words[section + 8]
end

local function add_others(bundle, value, state)
  for i = 1, said_count - 1 do
    state = max(state, add(bundle, said[i], value))
  end
  return state
end

local depth

-- Opens an array or object, unless all of it stays as it is.
local function open(bundle, value)
  local base = declared.height()
  local state = add(bundle, said[0], value)
  if said_count > 1 then
    state = add_others(bundle, value, state)
  end
  if state == declared.SILENT then
    declared.drop(base)
    return
  elseif declared.height() == base then
    leaks.mismatch(value)
  end
  entry_of[depth], first_schema[depth] = value, base
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
  depth = frame
end

-- Says what one of the gathered says of a part; false: it withholds it.
local function say_of_part(bundle, frame, part, gathered_at)
  if kind[entry_of[frame]] == OBJECT then
    return say_of_member(bundle, gathered[gathered_at], part)
  end
  say_of_item(bundle, gathered[gathered_at], index_of[frame])
  return true
end

-- Whether a part is declared, as far as it is known who declares it.
local function is_declared(bundle, frame, part)
  said_count = 0
  local first, stop = first_schema[frame], declared.height()
  if first == stop then
    return false
  end
  local stays = say_of_part(bundle, frame, part, first)
  if stop - first > 1 then
    for i = first + 1, stop - 1 do
      stays = say_of_part(bundle, frame, part, i) and stays
    end
  end
  return stays and said_count > 0
end

-- Goes on with a part that stays.
local function enter(bundle, frame, part, value, text)
  keep(frame, at[part], till[value])
  if text >= 0 then
    cuts.replace(at[value], till[value], text)
  elseif band(kind[value], PARTS) ~= 0 then
    open(bundle, value)
  elseif not is_admitted(bundle, value) then
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
  if stays and kind[value] == STRING then
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
  pending.begin(count, true)
  unevaluated.begin()
  declared.drop(0)
  cuts.begin()
  leaks.begin()
  depth, said_count = 0, 0
  say(schema)
  if band(kind[0], PARTS) ~= 0 then
    open(bundle, 0)
    return true
  end
  local text = -2
  if kind[0] == STRING then
    text = replacement(bundle, 0)
  end
  if text >= 0 then
    cuts.replace(at[0], till[0], text)
  elseif not is_admitted(bundle, 0) then
    leaks.mismatch(0)
  end
  return text ~= -1
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
  local result = cuts.result(bundle, size)
  if not result then
    return nil, "bytes"
  end
  return true, result
end

return _M
