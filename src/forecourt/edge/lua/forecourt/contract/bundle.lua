--- A compiled contract: flat memory that the judge and the filter read. Its
-- layout is compiler/bundle/layout.py's. Nothing of it is code.
local ffi = require("ffi")

local layout = require("forecourt.contract.layout")
local memory = require("forecourt.json.memory")
local names = require("forecourt.contract.names")

local _M = {}

local MAGIC = "FCB2"
local integers = ffi.typeof("int32_t *")

-- So many bytes may be read past the end of a text in the pool.
local MARGIN = 16

-- The parts of a bundle, in order, with the bytes of one entry each.
local PARTS = {
  { "doubles", 8, ffi.typeof("double *") },
  { "headers", 4 * layout.HEADER, integers },
  { "words", 4, integers },
  { "texts", 8, integers },
  { "patterns", 12, integers },
  { "entries", 16, integers },
  { "pool", 1, ffi.typeof("uint8_t *") },
}

local function aligned(at)
  return at + -at % 8
end

-- Cuts a bundle's bytes into its parts; nil where they do not add up.
local function parts_of(content)
  local head = aligned(#MAGIC + 4 * #PARTS)
  if #content < head or content:sub(1, #MAGIC) ~= MAGIC then
    return nil
  end
  local bundle = { kept = memory.zeros("uint8_t", #content + MARGIN) }
  ffi.copy(bundle.kept, content, #content)
  local start = ffi.cast("uint8_t *", bundle.kept)
  local counts = ffi.cast(integers, start + #MAGIC)
  local at = head
  for i, part in ipairs(PARTS) do
    local name, size, kind = part[1], part[2], part[3]
    bundle[name] = ffi.cast(kind, start + at)
    bundle[name .. "_count"] = counts[i - 1]
    at = aligned(at + size * counts[i - 1])
  end
  return at == #content and bundle or nil
end

-- Calls visit(section, place of its `slots`, names, place of these, stride).
local function each_table(bundle, visit)
  local words = bundle.words
  for schema = 0, bundle.headers_count - 1 do
    local header = bundle.headers + schema * layout.HEADER
    local object, choices = header[layout.OBJECT], header[layout.ENUM]
    if object ~= 0 and words[object + 9] > 0 then
      visit(object + 11, words[object + 9], words[object + 10], 4)
    end
    if choices ~= 0 and words[choices + 2] > 0 then
      visit(choices + 9, words[choices + 2], words[choices + 3], 1)
    end
  end
end

local function index_names(bundle)
  local tables, total = {}, 1
  each_table(bundle, function(place, count, at, stride)
    local by_slot, hashes, mask = names.placed(bundle, count, at, stride)
    bundle.words[place], bundle.words[place + 1] = total, mask
    tables[#tables + 1] = { total, by_slot, hashes }
    total = total + mask + 1
  end)
  bundle.slots = memory.zeros("int32_t", total)
  bundle.slot_hash = memory.zeros("int32_t", total)
  for _, found in ipairs(tables) do
    for slot, entry in pairs(found[2]) do
      bundle.slots[found[1] + slot] = entry
      bundle.slot_hash[found[1] + slot] = found[3][slot]
    end
  end
end

--- A text of a bundle.
-- @tparam number number  as the words name it
function _M.text(bundle, number)
  local from, size = bundle.texts[2 * number], bundle.texts[2 * number + 1]
  return ffi.string(bundle.pool + from, size)
end

--- Makes a bundle of its bytes.
-- @tparam string content   what the compiler wrote
-- @treturn table|nil       `roots`: name -> { schema = its number, inexact =
--   nil or why the edge cannot judge it exactly, hides = whether members of its
--   values are not for the audience }; the rest is for the judge
-- @treturn string|nil      "malformed"
function _M.load(content)
  local bundle = parts_of(content)
  if not bundle then
    return nil, "malformed"
  end
  index_names(bundle)
  bundle.roots = {}
  for i = 0, bundle.entries_count - 1 do
    local entry = bundle.entries + 4 * i
    local why = _M.text(bundle, entry[2])
    bundle.roots[_M.text(bundle, entry[0])] = {
      schema = entry[1],
      inexact = why ~= "" and why or nil,
      hides = entry[3] ~= 0,
    }
  end
  return bundle
end

return _M
