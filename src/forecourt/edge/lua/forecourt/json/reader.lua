--- Reads JSON into spans over its bytes: memory's tape. Nothing is decoded but
-- texts with escapes; numbers stay as they are written. Strict (RFC 8259): what
-- two readers could take for different things is refused.
local ffi = require("ffi")

local characters = require("forecourt.json.characters")
local escapes = require("forecourt.json.escapes")
local keys = require("forecourt.json.keys")
local memory = require("forecourt.json.memory")
local numbers = require("forecourt.json.numbers")

local C = ffi.C
local bytes = memory.bytes
local kind, next_of, size_of = memory.kind, memory.next, memory.size
local at, till, from, to = memory.at, memory.till, memory.from, memory.to
local hashes = memory.hash
local octets = ffi.typeof("const uint8_t *")
local text = ffi.typeof("const char *")
local words = ffi.typeof("const int32_t *")
local hash, take = keys.hash, keys.take
local finish = numbers.finish

local NULL, BOOLEAN, STRING = memory.NULL, memory.BOOLEAN, memory.STRING
local FRACTION, INTEGER = memory.FRACTION, memory.INTEGER
local ARRAY, OBJECT = memory.ARRAY, memory.OBJECT
local VALUES = memory.VALUES

local _M = {}

-- "true", "null" and "fals" as words.
local TRUE, NIL, FALS = 0x65757274, 0x6C6C756E, 0x736C6166

local SPACES = ffi.new("const char[5]", " \t\r\n")

--- The deepest that limits may allow.
_M.DEPTH = 512

-- The containers that are open, from the outside in.
local opened = ffi.new("int32_t[?]", _M.DEPTH + 1)

local function skip_spaces(i)
  i = i + 1
  if bytes[i] > 32 then
    return i
  end
  return i + tonumber(C.strspn(ffi.cast(text, bytes + i), SPACES))
end

-- The closing quote of the text whose quote of that place only seems to be it:
-- a backslash stands before. Backslashes in a row are counted once each.
local function closing_after(i, quote, size)
  while true do
    local first = quote - 1
    while first >= i and bytes[first] == 92 do
      first = first - 1
    end
    if (quote - 1 - first) % 2 == 0 then
      return quote
    end
    local found = C.memchr(bytes + quote + 1, 34, size - quote - 1)
    if found == nil then
      return -1
    end
    quote = tonumber(ffi.cast(octets, found) - bytes)
  end
end

-- The closing quote of the text that begins at `i`, or -1.
local function closing(i, size)
  local found = C.memchr(bytes + i, 34, size - i)
  if found == nil then
    return -1
  end
  local quote = tonumber(ffi.cast(octets, found) - bytes)
  if bytes[quote - 1] ~= 92 then
    return quote
  end
  return closing_after(i, quote, size)
end

local function holds(byte, i, count)
  return C.memchr(bytes + i, byte, count) ~= nil
end

-- Whether tabs or line ends, which the body has somewhere, stand in a text.
local function has_control(i, count)
  return (characters.has_lines and holds(10, i, count))
    or (characters.has_tabs and holds(9, i, count))
    or (characters.has_returns and holds(13, i, count))
end

local tail -- where the next text with escapes is decoded

-- Says of a text on the tape what it means; nil and a reason if nothing.
local function decode(entry, i, quote)
  local last, reason = escapes.decode(i, quote, tail)
  if not last then
    return nil, reason
  end
  from[entry], to[entry] = tail, last
  tail = last
  return true
end

-- Puts a number on the tape; the place after it, or nil.
local function read_number(entry, i)
  local last, has_mark = finish(i)
  if not last then
    return nil
  end
  at[entry], till[entry] = i, last
  from[entry], to[entry] = i, last
  next_of[entry] = entry + 1
  if has_mark and not numbers.is_integer(memory.text(i, last)) then
    kind[entry] = FRACTION
  else
    kind[entry] = INTEGER
  end
  return last
end

local function scan(size, depth_limit, key_limit)
  local has_escapes = characters.has_escapes
  local has_controls = characters.has_lines
    or characters.has_tabs
    or characters.has_returns
  local i = bytes[0] > 32 and 0 or skip_spaces(-1)
  local count, key_count, depth = 0, 0, 0
  local inside, is_object = -1, false
  while true do
    if count + 2 > VALUES then
      return nil, "values", i
    end
    if is_object then
      if bytes[i] ~= 34 then
        return nil, "syntax", i
      end
      local quote = closing(i + 1, size)
      if quote < 0 then
        return nil, "syntax", i
      end
      key_count = key_count + 1
      if key_count > key_limit then
        return nil, "keys", i
      end
      kind[count] = STRING
      next_of[count] = count + 1
      at[count], till[count] = i, quote + 1
      from[count], to[count] = i + 1, quote
      if has_controls and has_control(i + 1, quote - i - 1) then
        return nil, "control", i
      end
      if has_escapes and holds(92, i + 1, quote - i - 1) then
        local is_decoded, reason = decode(count, i + 1, quote)
        if not is_decoded then
          return nil, reason, i
        end
      end
      hashes[count] = hash(bytes + from[count], to[count] - from[count])
      if not take(count, inside) then
        return nil, "duplicate", i
      end
      count = count + 1
      i = quote + 1
      if bytes[i] <= 32 then
        i = skip_spaces(i)
      end
      if bytes[i] ~= 58 then
        return nil, "syntax", i
      end
      i = i + 1
      if bytes[i] <= 32 then
        i = skip_spaces(i)
      end
    end
    local c = bytes[i]
    local is_open = false
    if c == 34 then
      local quote = closing(i + 1, size)
      if quote < 0 then
        return nil, "syntax", i
      end
      kind[count] = STRING
      next_of[count] = count + 1
      at[count], till[count] = i, quote + 1
      from[count], to[count] = i + 1, quote
      if has_controls and has_control(i + 1, quote - i - 1) then
        return nil, "control", i
      end
      if has_escapes and holds(92, i + 1, quote - i - 1) then
        local is_decoded, reason = decode(count, i + 1, quote)
        if not is_decoded then
          return nil, reason, i
        end
      end
      i = quote + 1
      count = count + 1
    elseif c == 123 or c == 91 then
      if depth >= depth_limit then
        return nil, "depth", i
      end
      kind[count] = c == 123 and OBJECT or ARRAY
      at[count], from[count], size_of[count] = i, i, 0
      opened[depth] = inside
      depth = depth + 1
      inside, is_object = count, c == 123
      count = count + 1
      i = i + 1
      if bytes[i] <= 32 then
        i = skip_spaces(i)
      end
      is_open = bytes[i] ~= c + 2
    elseif c == 45 or (c >= 48 and c <= 57) then
      local last = read_number(count, i)
      if not last then
        return nil, "number", i
      end
      i = last
      count = count + 1
    else
      local word = ffi.cast(words, bytes + i)[0]
      at[count], from[count] = i, i
      if word == TRUE then
        kind[count] = BOOLEAN
        i = i + 4
      elseif word == NIL then
        kind[count] = NULL
        i = i + 4
      elseif word == FALS and bytes[i + 4] == 101 then
        kind[count] = BOOLEAN
        i = i + 5
      else
        return nil, "syntax", i
      end
      till[count], to[count] = i, i
      next_of[count] = count + 1
      count = count + 1
    end
    -- A value is complete, or a container that is open has none yet.
    while not is_open do
      if bytes[i] <= 32 then
        i = i < size and skip_spaces(i) or i
      end
      if inside < 0 then
        if i < size then
          return nil, "trailing", i
        end
        return count
      end
      c = bytes[i]
      if c == 44 then
        size_of[inside] = size_of[inside] + 1
        i = i + 1
        if bytes[i] <= 32 then
          i = skip_spaces(i)
        end
        is_open = true
      elseif c == (is_object and 125 or 93) then
        i = i + 1
        if count > inside + 1 then
          size_of[inside] = size_of[inside] + 1
        end
        next_of[inside] = count
        till[inside], to[inside] = i, i
        depth = depth - 1
        inside = opened[depth]
        is_object = inside >= 0 and kind[inside] == OBJECT
      else
        return nil, "syntax", i
      end
    end
  end
end

-- The body that the tape is of, and what it was read with.
local read_body, read_limits, read_count, read_turn = "", nil, 0, 0

--- Reads a body onto memory's tape; the one before is gone. The same body, read
-- again with the same limits, is there already.
-- @tparam string body    any bytes
-- @tparam table limits   `bytes`, `depth` and `keys`: the most there may be.
--   A scalar is 0 deep, `[]` is 1.
-- @treturn number|nil    how many entries the tape has; entry 0 is the body
-- @treturn string|nil    why not: "bytes", "depth", "keys" or "values" (more
--   than may be), "empty", "utf8", "control", "escape", "surrogate", "number",
--   "duplicate", "trailing" or "syntax"
-- @treturn number|nil    the byte at which that shows, from 0, if it is known
function _M.read(body, limits)
  if
    body == read_body
    and limits == read_limits
    and read_turn == memory.turn
  then
    return read_count
  end
  local size = #body
  read_body, read_limits = "", nil
  if size == 0 then
    return nil, "empty"
  elseif size > limits.bytes or size > memory.BYTES then
    return nil, "bytes"
  end
  memory.hold(body)
  local is_sound, reason = characters.survey(size)
  if not is_sound then
    return nil, reason
  end
  tail = memory.tail(size)
  local most = math.min(limits.keys, math.floor(size / 4)) + 1
  keys.begin(most)
  local count, why, place =
    scan(size, math.min(limits.depth, _M.DEPTH), limits.keys)
  if count then
    read_body, read_limits, read_count = body, limits, count
    read_turn = memory.turn
    return count
  end
  return nil, why, place
end

return _M
