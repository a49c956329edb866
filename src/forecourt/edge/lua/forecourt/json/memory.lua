--- Where a body lies while it is judged: its bytes, and a tape of its values.
-- All of it is taken once, and touched only as far as a body reaches. The
-- bytes are a copy, so no pointer outlives the text it points into, and may be
-- read past their end: there are zeros. Texts with escapes are decoded behind
-- the body, so that everybody compares what they mean.
local ffi = require("ffi")

ffi.cdef([[
void *mmap(void *, size_t, int, int, int, long);
int munmap(void *, size_t);
void *memchr(const void *, int, size_t);
int memcmp(const void *, const void *, size_t);
size_t strspn(const char *, const char *);
double strtod(const char *, char **);
]])

local C = ffi.C

local _M = {}

--- The largest body, in bytes: what an internal API may send (estate/posture).
_M.BYTES = 8 * 1024 * 1024

--- The most values and keys of a body, together.
_M.VALUES = 1024 * 1024

-- Bytes that may be read past the end of a body.
local MARGIN = 64

-- Pages that are read and written, private, of no file.
local READ_WRITE = 3
local ANONYMOUS = ffi.os == "OSX" and 0x1002 or 0x22

-- Straight from the system: it gives zeros that take no memory until they are
-- touched, where Envoy's own allocator would write them.
local function zeros(kind, count)
  local size = count * ffi.sizeof(kind)
  local memory = C.mmap(nil, size, READ_WRITE, ANONYMOUS, -1, 0)
  if ffi.cast("intptr_t", memory) == -1 then
    error("no memory for bodies")
  end
  local pointer = ffi.cast(ffi.typeof("$ *", ffi.typeof(kind)), memory)
  return ffi.gc(pointer, function()
    C.munmap(memory, size)
  end)
end

--- Zeroed memory that is given back with the value that is returned.
-- @tparam string kind   a type of C
-- @tparam number count  how many, one at least
-- @treturn cdata        a pointer to the first
_M.zeros = zeros

--- The bytes: a body, a margin, then decoded texts, which are never longer;
-- then texts that are made of the body (forecourt.lens.texts).
_M.bytes = zeros("uint8_t", 3 * (_M.BYTES + MARGIN))

--- The tape: the values of a body in the order in which they begin. A key of an
-- object is an entry of its own, before its value.
-- `kind`: one bit of those below. `next`: the entry after all that is inside.
-- `size`: members or items. `at`, `till`: the bytes as they came; `from`, `to`:
-- the same, or for a text what it means, without its quotes. `till` and `to`
-- are the first byte after it. `hash` is of keys only (forecourt.json.keys).
_M.kind = zeros("int32_t", _M.VALUES)
_M.next = zeros("int32_t", _M.VALUES)
_M.size = zeros("int32_t", _M.VALUES)
_M.at = zeros("int32_t", _M.VALUES)
_M.till = zeros("int32_t", _M.VALUES)
_M.from = zeros("int32_t", _M.VALUES)
_M.to = zeros("int32_t", _M.VALUES)
_M.hash = zeros("int32_t", _M.VALUES)

_M.NULL = 1
_M.BOOLEAN = 2
_M.FRACTION = 4 -- a number that is no integer
_M.INTEGER = 8 -- a number that is one, however it is written
_M.STRING = 16
_M.ARRAY = 32
_M.OBJECT = 64

--- Where decoded texts begin, for a body of that many bytes.
function _M.tail(size)
  return size + MARGIN
end

--- Where texts begin that are made of a body of that many bytes, and end.
function _M.room(size)
  return 2 * (size + MARGIN), 2 * (size + MARGIN) + _M.BYTES
end

--- How often something was copied there: who read it, and finds another number,
-- has to read it again.
_M.turn = 0

--- Copies a text there.
-- @tparam string text  no longer than BYTES
function _M.hold(text)
  _M.turn = _M.turn + 1
  local size = #text
  ffi.copy(_M.bytes, text, size)
  ffi.fill(_M.bytes + size, MARGIN)
end

--- The bytes between two places, as a text.
function _M.text(from, to)
  return ffi.string(_M.bytes + from, to - from)
end

return _M
