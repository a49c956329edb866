--- How many requests of one caller are under way at a time: each has a place.
-- A place is a lease, in the file of buckets: nothing tells Lua of a caller
-- that left, so that what nobody gives back ends by itself (and sooner where
-- the access log is read that says so: forecourt.edge.places).
local buckets = require("forecourt.buckets")

local _M = {}

local pcall, random, tonumber = pcall, math.random, tonumber
local occupy, vacate = buckets.occupy, buckets.vacate

-- Longer than any request takes: Envoy ends each after 175 seconds, whatever it
-- is about (forecourt.compiler.envoy).
local LEASE = 180
_M.LEASE = LEASE

-- Ids of places are beyond those of buckets. A caller's lie so far apart that
-- each is in another set.
local BEYOND, APART = 2 ^ 52, 2654435769

--- Takes one of a caller's places.
-- @tparam number id    of its bucket
-- @tparam number most  how many it has
-- @tparam number now   of the clock that is never set
-- @treturn string|nil  what `leave` and the access log are told of it; nil
--   where all are taken
function _M.take(id, most, now)
  local till = now + LEASE
  local first = random(most)
  for i = first, first + most - 1 do
    local place = BEYOND + (id + i % most * APART) % BEYOND
    if occupy(place, till, now) then
      return ("%.0f %.17g"):format(place, till)
    end
  end
  buckets.count_refusal(id)
  return nil
end

local function leave(handle, has_ended)
  local ours = handle:streamInfo():dynamicMetadata():get("forecourt")
  local place = ours and ours.place
  if not place then
    return
  end
  -- What was held back whole has ended; else it ends when its last piece left.
  local is_under_way, pieces
  if not has_ended then
    is_under_way, pieces = pcall(handle.bodyChunks, handle)
  end
  if is_under_way then
    local piece = pieces()
    while piece do
      piece = pieces()
    end
  end
  local id, till = place:match("^(%d+) (%S+)$")
  vacate(tonumber(id), tonumber(till))
end

--- Gives the place of a request back, once its answer has left. Whatever goes
-- wrong, the answer leaves as it is, and the lease ends.
-- @tparam boolean|nil has_ended  the answer is there whole
function _M.leave(handle, has_ended)
  pcall(leave, handle, has_ended)
end

return _M
