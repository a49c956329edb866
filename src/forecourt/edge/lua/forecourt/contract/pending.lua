--- What is still to be judged: pairs of a schema and a value, on a stack; and
-- the verdict so far. In flat memory, so that loops carry little.
local ffi = require("ffi")

local faults = require("forecourt.contract.faults")
local memory = require("forecourt.json.memory")

local take = faults.take

local _M = {}

-- More than there are values, since each may wait for several schemas.
local ROOM = 4 * memory.VALUES
local schemas = memory.zeros("int32_t", ROOM)
local values = memory.zeros("int32_t", ROOM)
local height = 0

-- So many pairs may be judged for each value of a body, on the average. What
-- needs more would take longer than anybody waits, and is given up.
local MOST_FOR_EACH = 200
local MOST_NESTED = 200

local left, nested = 0, 0
local is_given_up = false

--- The verdict and how it is asked for, each 0 or 1.
-- `failed`: something is broken. `quiet`: only whether, so no faults are taken
-- and the first is enough. `lenient`: a value is judged as far as it is
-- declared: what is not will be removed, and breaks no rule.
local state = ffi.new("struct { int32_t failed, quiet, lenient; }")
_M.state = state

--- Begins a value.
-- @tparam number count        entries of the tape
-- @tparam boolean is_lenient
function _M.begin(count, is_lenient)
  height, nested = 0, 0
  left = MOST_FOR_EACH * (count + 100)
  is_given_up = false
  state.failed, state.quiet = 0, 0
  state.lenient = is_lenient and 1 or 0
end

--- Whether judging it would take too long, so that nothing is known.
function _M.is_given_up()
  return is_given_up
end

--- Gives up.
function _M.give_up()
  is_given_up = true
end

--- Adds a pair.
function _M.push(schema, value)
  if height >= ROOM then
    is_given_up = true
    return
  end
  schemas[height], values[height] = schema, value
  height = height + 1
end

--- How many pairs wait.
function _M.height()
  return height
end

--- Drops all above a height.
function _M.drop(base)
  height = base
end

--- Takes the last pair.
-- @treturn number  its schema; -1: too many were taken already
-- @treturn number  its value
function _M.pop()
  left = left - 1
  if left < 0 or is_given_up then
    is_given_up = true
    return -1, -1
  end
  height = height - 1
  return schemas[height], values[height]
end

--- Enters a question within a question; false if that is one too many.
function _M.enter()
  left = left - 1
  if nested >= MOST_NESTED or left < 0 or is_given_up then
    is_given_up = true
    return false
  end
  nested = nested + 1
  return true
end

--- Leaves it.
function _M.leave()
  nested = nested - 1
end

--- Says that a rule is broken.
-- @tparam number entry   where on the tape
-- @tparam number rule    of forecourt.contract.faults
-- @tparam number detail  as the rule has it
function _M.fail(entry, rule, detail)
  state.failed = 1
  if state.quiet == 0 then
    take(entry, rule, detail)
  end
end

return _M
