--- Texts of many callers, outside of LuaJIT's heap: its collector would look at
-- each of them in every round, and stop the worker for it.
-- Each slot has one block of memory with all its texts, one behind the other.
local ffi = require("ffi")

ffi.cdef([[
void *malloc(size_t size);
void free(void *block);
int memcmp(const void *one, const void *other, size_t size);
]])

local C = ffi.C
local bxor, rol, byte = bit.bxor, bit.rol, string.byte
local copy, text_of = ffi.copy, ffi.string

local _M = {}

--- Slots from 1 on; 0 is nobody's that was asked about.
local CAPACITY = 50000
_M.CAPACITY = CAPACITY

-- Of each slot, where its texts end; the first begins at 0.
local TEXTS = 5
_M.TEXTS = TEXTS
local STRIDE = TEXTS + 1

local blocks = ffi.gc(ffi.new("char *[?]", CAPACITY + 1), function(these)
  for slot = 0, CAPACITY do
    C.free(these[slot])
  end
end)
local ends = ffi.new("uint32_t[?]", (CAPACITY + 1) * STRIDE)

--- Forgets what a slot has.
function _M.drop(slot)
  local before, at = blocks[slot], slot * STRIDE
  for i = 1, TEXTS do
    ends[at + i] = 0
  end
  blocks[slot] = nil
  C.free(before)
end

local function copied(texts)
  for i = 1, TEXTS do
    assert(type(texts[i]) == "string", "one of a caller's texts is none")
  end
  local all = table.concat(texts)
  local block = C.malloc(math.max(#all, 1))
  if block == nil then
    error("no memory for what is known of a caller")
  end
  copy(block, all, #all)
  return block
end

--- Keeps texts, in place of what the slot has. Raises where it cannot, and then
-- the slot has what it had: nothing here fails once it is being written, since
-- a length that belongs to other texts would be read past their end.
-- @tparam table texts  TEXTS of them
function _M.keep(slot, texts)
  local block, before = copied(texts), blocks[slot]
  local at, stop = slot * STRIDE, 0
  for i = 1, TEXTS do
    stop = stop + #texts[i]
    ends[at + i] = stop
  end
  blocks[slot] = block
  C.free(before)
end

--- One of a slot's texts. Raises where it has none.
-- @tparam number which  from 1 on
function _M.get(slot, which)
  local at, block = slot * STRIDE + which, blocks[slot]
  if block == nil then
    error("nothing is known of that caller any more")
  end
  local start = ends[at - 1]
  return text_of(block + start, ends[at] - start)
end

--- Whether one of a slot's texts is that one.
function _M.is(slot, which, text)
  local at = slot * STRIDE + which
  local start = ends[at - 1]
  return ends[at] - start == #text
    and C.memcmp(blocks[slot] + start, text, #text) == 0
end

-- Of the four bytes from there on.
local function mixed(hash, text, from)
  local a, b, c, d = byte(text, from, from + 3)
  local word = (a or 0) + (b or 0) * 256 + (c or 0) * 65536
  return bxor(rol(hash, 9), word, rol(d or 0, 24))
end

--- A number from 0 to `size` - 1 by which a text is found among many.
-- It looks at some of the text, since only texts that somebody vouches for are
-- looked for in this way: keys and tokens, which end in chance, and what Envoy
-- says of a certificate, which has its digest in the middle.
-- @tparam number size  a power of two
function _M.place(text, size)
  local length = #text
  local hash = mixed(length, text, length - 3)
  hash = mixed(hash, text, length - 7)
  hash = mixed(hash, text, math.floor(length / 2))
  hash = mixed(hash, text, math.floor(length / 3))
  hash = bxor(hash, rol(hash, 15), rol(hash, 26))
  return bit.band(hash, size - 1)
end

return _M
