--- What time it is.
local ffi = require("ffi")

ffi.cdef([[
typedef struct { long seconds; long nanoseconds; } forecourt_timespec;
int clock_gettime(int clock, forecourt_timespec *now);
]])

local C = ffi.C
local REALTIME, MONOTONIC = 0, 1
local spec = ffi.new("forecourt_timespec")

local _M = {}

local function read(clock)
  C.clock_gettime(clock, spec)
  return tonumber(spec.seconds) + tonumber(spec.nanoseconds) * 1e-9
end

--- The wall clock.
-- @treturn number  seconds since 1970, with fractions
function _M.now()
  return read(REALTIME)
end

--- A clock that nobody sets: the same for all workers, until the machine starts
-- again.
-- @treturn number  seconds, with fractions
function _M.monotonic()
  return read(MONOTONIC)
end

return _M
