--- What of a body does not leave: spans of its bytes, cut out or replaced; all
-- else is copied as it came.
local ffi = require("ffi")

local memory = require("forecourt.json.memory")

local bytes = memory.bytes

local _M = {}

local ROOM = memory.VALUES
local first = memory.zeros("int32_t", ROOM)
local last = memory.zeros("int32_t", ROOM)
-- What stands there instead, of the bundle's texts; -1: nothing.
local instead = memory.zeros("int32_t", ROOM)
local count = 0

local OUTPUT = memory.BYTES
local output = memory.zeros("uint8_t", OUTPUT)

--- Begins a body.
function _M.begin()
  count = 0
end

--- Whether there is nothing to cut.
function _M.is_empty()
  return count == 0
end

--- Cuts a span, which begins where the last one ends, or later.
function _M.cut(from, to)
  if count > 0 and last[count - 1] == from and instead[count - 1] < 0 then
    last[count - 1] = to
    return
  end
  first[count], last[count], instead[count] = from, to, -1
  count = count + 1
end

--- Puts a text of the bundle in place of a span.
function _M.replace(from, to, text)
  first[count], last[count], instead[count] = from, to, text
  count = count + 1
end

--- The body as it leaves.
-- @tparam table bundle  whose texts replace spans
-- @tparam number size   the body's bytes
-- @treturn string|nil   nil: it has become too large
function _M.result(bundle, size)
  local written, read = 0, 0
  for i = 0, count - 1 do
    local kept = first[i] - read
    local text, length = instead[i], 0
    if text >= 0 then
      length = bundle.texts[2 * text + 1]
    end
    if written + kept + length > OUTPUT then
      return nil
    end
    ffi.copy(output + written, bytes + read, kept)
    written = written + kept
    if length > 0 then
      ffi.copy(output + written, bundle.pool + bundle.texts[2 * text], length)
      written = written + length
    end
    read = last[i]
  end
  if written + size - read > OUTPUT then
    return nil
  end
  ffi.copy(output + written, bytes + read, size - read)
  return ffi.string(output, written + size - read)
end

return _M
