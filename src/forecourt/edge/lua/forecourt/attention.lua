--- How much of what passes is looked at closely: so many answers a second in
-- each worker, whatever there are.
local clock = require("forecourt.clock")

local _M = {}

--- What an answer costs to look at is bounded (a body of 8 MB, some 50 ms), and
-- most are small: 50 of 20 KB are half a percent of a worker's time.
_M.MOST = 50

local second, looked = 0, 0

--- Whether this one is to be looked at.
function _M.is_free()
  local now = math.floor(clock.monotonic())
  if now ~= second then
    second, looked = now, 0
  end
  looked = looked + 1
  return looked <= _M.MOST
end

return _M
