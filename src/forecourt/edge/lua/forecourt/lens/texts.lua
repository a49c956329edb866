--- Texts that no body has: names and values that lenses bring. They stand on
-- memory's tape behind the body, as if they had been read.
local ffi = require("ffi")

local keys = require("forecourt.json.keys")
local memory = require("forecourt.json.memory")

local bytes, hash = memory.bytes, keys.hash
local kind, next_of, size_of = memory.kind, memory.next, memory.size
local at, till, from, to = memory.at, memory.till, memory.from, memory.to
local hashes = memory.hash
local byte, format, gsub = string.byte, string.format, string.gsub

local _M = {}

-- The next entry of the tape, the next place for bytes, and where these end.
local entry, place, stop = 0, 0, 0
-- Names that stand there for the body at hand say its number.
local turn = 0
local is_full = false

--- Begins a body that was read.
-- @tparam number count  the entries that it has on the tape
-- @tparam number size   its bytes
function _M.begin(count, size)
  entry, turn, is_full = count, turn + 1, false
  place, stop = memory.room(size)
end

--- Whether something had no room: then nothing is to be made of the body.
function _M.is_full()
  return is_full
end

local function put(text)
  local first = place
  ffi.copy(bytes + first, text, #text)
  place = first + #text
  return first
end

--- Puts a scalar on the tape.
-- @tparam number of_kind  one of memory's
-- @tparam string written  as JSON
-- @tparam string|nil means  what a text means, where it is written otherwise
-- @treturn number         its entry
function _M.add(of_kind, written, means)
  local room = #written + (means and #means or 0)
  if entry + 1 >= memory.VALUES or place + room > stop then
    is_full = true
    return 0
  end
  local new = entry
  entry = new + 1
  local first = put(written)
  kind[new], next_of[new], size_of[new] = of_kind, entry, 0
  at[new], till[new] = first, place
  if of_kind ~= memory.STRING then
    from[new], to[new] = first, place
  elseif means then
    from[new] = put(means)
    to[new] = place
  else
    from[new], to[new] = first + 1, place - 1
  end
  return new
end

local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\" }

--- A text as JSON.
function _M.quoted(text)
  local inner = gsub(text, '[%c"\\]', function(c)
    return ESCAPES[c] or format("\\u%04x", byte(c))
  end)
  return '"' .. inner .. '"'
end

--- Puts a text on the tape.
-- @tparam string means  UTF-8
-- @treturn number       its entry
function _M.text(means)
  local written = _M.quoted(means)
  local is_plain = #written == #means + 2
  return _M.add(memory.STRING, written, not is_plain and means or nil)
end

local measured = ffi.new("uint8_t[?]", 4096)

--- A name that lenses know, to be found in bodies and put into them.
-- @tparam string text
-- @treturn table  `text`, `size`, `hash`, which is a key's on the tape
function _M.name(text)
  local copy = #text + 4 > 4096 and ffi.new("uint8_t[?]", #text + 4)
    or measured
  ffi.copy(copy, text, #text)
  return {
    text = text,
    size = #text,
    hash = hash(copy, #text),
    turn = -1,
    entry = 0,
  }
end

--- The entry of a name as a key: made once for each body.
-- @tparam table name  as `name` makes it
function _M.key(name)
  if name.turn ~= turn then
    local new = _M.text(name.text)
    hashes[new] = name.hash
    name.turn, name.entry = turn, new
  end
  return name.entry
end

return _M
