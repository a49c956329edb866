--- Compiled contracts, loaded by digest when first asked for.
local buffer = require("string.buffer")
local bundle = require("forecourt.contract.bundle")
local clock = require("forecourt.clock")

local collectgarbage, ipairs = collectgarbage, ipairs
local decode, open, pcall, type = buffer.decode, io.open, pcall, type

local _M = {}

local FOLDER = "contracts/"
-- What the tables below hold (forecourt.compiler.contracts.compile).
local FORMAT = 1
-- A publish names anew what it changes; so many are kept before all go, or so
-- many bytes of files. What is made of a file takes up to four times as much
-- memory, and 8 KB (docs/figures.md).
local MOST = 5000
_M.MOST_BYTES = 64 * 1024 * 1024
-- One that could not be loaded is looked for again after so long (seconds).
local RETRY = 1

local known, count, bytes = {}, 0, 0
local others = {}

--- Says who forgets with us: whoever keeps what it was given.
-- @tparam function forget
function _M.forget_with(forget)
  others[#others + 1] = forget
end

-- What stands in a file, and how large that is.
local function load(digest)
  local file = open(FOLDER .. digest, "rb")
  if not file then
    return nil
  end
  local content = file:read("*a")
  file:close()
  local is_whole, loaded = pcall(decode, content or "")
  if not is_whole or type(loaded) ~= "table" or loaded.format ~= FORMAT then
    return nil
  end
  loaded.bundle = bundle.load(loaded.bundle)
  loaded.digest = digest
  if not loaded.bundle then
    return nil
  end
  return loaded, #content
end

--- A side of a contract.
-- @tparam string digest
-- @treturn table|nil  `operations`, `bundle`, `digest`; of the way in `trie` as
--   well; nil where it is not there, or nothing that this release can read
function _M.of(digest)
  local found = known[digest]
  if found and (found.bundle or clock.monotonic() < found.again) then
    return found.bundle and found or nil
  end
  local loaded, size = load(digest)
  size = size or 0
  if count >= MOST or bytes > 0 and bytes + size > _M.MOST_BYTES then
    known, count, bytes = {}, 0, 0
    for _, forget in ipairs(others) do
      forget()
    end
    collectgarbage() -- by itself it would not: the memory is not Lua's own
  end
  bytes = bytes + size
  if not known[digest] then
    count = count + 1
  end
  known[digest] = loaded or { again = clock.monotonic() + RETRY }
  return loaded
end

return _M
