--- A body that is read, changed and written.
local loss = require("forecourt.lens.loss")
local faults = require("forecourt.contract.faults")
local program = require("forecourt.lens.program")
local reader = require("forecourt.json.reader")
local values = require("forecourt.lens.values")
local writing = require("forecourt.lens.writing")

local _M = {}

--- Reads it.
-- @tparam string text
-- @tparam table limits   of forecourt.json.reader
-- @treturn number|nil    its slot; nil where it cannot be read
-- @treturn string|nil    why, as forecourt.json.reader says it
-- @treturn number|nil    at which byte
function _M.read(text, limits)
  local count, why, place = reader.read(text, limits)
  if not count then
    return nil, why, place
  end
  return values.begin(count, #text)
end

--- Does what a program says.
-- @treturn boolean  false: something cannot be said (`lost`)
function _M.apply(given, slot)
  return program.apply(given, slot)
end

--- What could not be said, and where it stood in the body that was read.
-- @treturn table  `pointer`, `rule`, `expected`
function _M.lost()
  local entry, rule, expected = loss.last()
  return { pointer = faults.pointer(entry), rule = rule, expected = expected }
end

--- Its text.
-- @treturn string|nil
-- @treturn string|nil  why there is none: "bytes", "depth" or "keys"
function _M.text(slot, limits)
  return writing.text(slot, limits)
end

return _M
