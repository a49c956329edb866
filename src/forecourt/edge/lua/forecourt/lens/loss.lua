--- What could not be said in the other version: where it stood in the body, and
-- what was looked for. Steps answer false, and say it here.
local _M = {}

local entry, rule, expected = 0, "", nil

--- Says it.
-- @tparam number where         an entry of the tape
-- @tparam string what          the step that could not be done
-- @tparam string|nil wanted    what would have been said
-- @treturn boolean             false
function _M.of(where, what, wanted)
  entry, rule, expected = where, what, wanted
  return false
end

--- The last one: as `of` was given it.
function _M.last()
  return entry, rule, expected
end

return _M
