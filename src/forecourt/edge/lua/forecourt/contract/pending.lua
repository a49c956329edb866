--- What is still to be judged: pairs of a schema and a value, on a stack.
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

--- Whether a value is judged as far as it is declared: what is not will be
-- removed, and breaks no rule.
_M.is_lenient = false

--- Begins a value.
-- @tparam number count        entries of the tape
-- @tparam boolean is_lenient
function _M.begin(count, is_lenient)
  height, nested = 0, 0
  left = MOST_FOR_EACH * (count + 100)
  is_given_up = false
  _M.is_lenient = is_lenient
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
-- @treturn number|nil  its schema; nil: too many were taken already
-- @treturn number|nil  its value
function _M.pop()
  left = left - 1
  if left < 0 or is_given_up then
    is_given_up = true
    return nil
  end
  height = height - 1
  return schemas[height], values[height]
end

--- Enters a question within a question; false if that is one too many.
function _M.enter()
  if nested >= MOST_NESTED or is_given_up then
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

--- Takes a fault, unless only the verdict is asked for.
-- @treturn boolean  false, the verdict
function _M.broken(is_quiet, entry, rule, detail)
  if not is_quiet then
    take(entry, rule, detail)
  end
  return false
end

return _M
