--- What an answer held beyond its contract: where, never what.
local ffi = require("ffi")

local faults = require("forecourt.contract.faults")

local _M = {}

--- So many places are listed of a body; all are counted.
_M.MOST = 64

--- How many members and items were removed, and how many values are of a kind
-- that the contract does not know there, or fit none of its alternatives.
_M.removed_count = 0
_M.mismatched_count = 0

local removed = ffi.new("int32_t[?]", _M.MOST)
local mismatched = ffi.new("int32_t[?]", _M.MOST)

--- Begins a body.
function _M.begin()
  _M.removed_count, _M.mismatched_count = 0, 0
end

--- Counts a part that is removed.
-- @tparam number part  on the tape: a member's key, or an item
function _M.remove(part)
  if _M.removed_count < _M.MOST then
    removed[_M.removed_count] = part
  end
  _M.removed_count = _M.removed_count + 1
end

--- Counts a value that is not what the contract says.
function _M.mismatch(value)
  if _M.mismatched_count < _M.MOST then
    mismatched[_M.mismatched_count] = value
  end
  _M.mismatched_count = _M.mismatched_count + 1
end

local function places(entries, count, is_any_index)
  local found, known = {}, {}
  for i = 0, math.min(count, _M.MOST) - 1 do
    local place = faults.pointer(entries[i], is_any_index)
    if not known[place] then
      known[place] = true
      found[#found + 1] = place
    end
  end
  return found
end

--- Where something was removed from the last body: JSON pointers with `*` for
-- each index, each once.
-- @tparam boolean|nil is_exact  with the indexes
-- @treturn table
function _M.removed(is_exact)
  return places(removed, _M.removed_count, not is_exact)
end

--- Where something is not what the contract says, likewise.
function _M.mismatched()
  return places(mismatched, _M.mismatched_count, true)
end

return _M
