--- Which of several schemas a value says it means (`discriminator`).
local memory = require("forecourt.json.memory")
local names = require("forecourt.contract.names")

local kind, next_of = memory.kind, memory.next
local from, to = memory.from, memory.to

local _M = {}

-- The value of an object's member of that name, or nil.
local function member(bundle, object, name)
  local key, stop = object + 1, next_of[object]
  while key < stop do
    if names.is(bundle, 2 * name, from[key], to[key] - from[key]) then
      return key + 1
    end
    key = next_of[key + 1]
  end
  return nil
end

--- The schema that a value says it means.
-- @tparam number entry   where the words of the alternatives are
-- @tparam number value   on the tape
-- @treturn number|nil    nil: it says nothing, or nothing that is known
function _M.chosen(bundle, entry, value)
  local words = bundle.words
  local told = words[entry + 1] + words[entry + 2]
  if words[told] < 0 or kind[value] ~= memory.OBJECT then
    return nil
  end
  local tag = member(bundle, value, words[told])
  if not tag or kind[tag] ~= memory.STRING then
    return nil
  end
  for i = told + 2, told + 2 * words[told + 1], 2 do
    if names.is(bundle, 2 * words[i], from[tag], to[tag] - from[tag]) then
      return words[i + 1]
    end
  end
  return nil
end

return _M
