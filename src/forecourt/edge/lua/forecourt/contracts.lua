--- Compiled contracts, loaded by digest when first asked for.
local buffer = require("string.buffer")
local bundle = require("forecourt.contract.bundle")
local clock = require("forecourt.clock")

local decode, open, pcall, type = buffer.decode, io.open, pcall, type

local _M = {}

local FOLDER = "contracts/"
-- What the tables below hold (forecourt.compiler.contracts.compile).
local FORMAT = 1
-- A publish names anew what it changes; so many are kept before all go.
local MOST = 5000
-- One that could not be loaded is looked for again after so long (seconds).
local RETRY = 1

local known, count = {}, 0

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
  return loaded.bundle and loaded or nil
end

--- A side of a contract.
-- @tparam string digest
-- @treturn table|nil  `operations`, `bundle`, `digest`; of the way in `trie` as
--   well; nil where it is not there, or nothing that this release can read
function _M.of(digest)
  local found = known[digest]
  if found and (found.bundle or clock.now() < found.again) then
    return found.bundle and found or nil
  end
  local loaded = load(digest)
  if count >= MOST then
    known, count = {}, 0
  end
  if not known[digest] then
    count = count + 1
  end
  known[digest] = loaded or { again = clock.now() + RETRY }
  return loaded
end

return _M
