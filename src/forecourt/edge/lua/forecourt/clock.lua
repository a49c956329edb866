--- What time it is.
local ffi = require("ffi")

ffi.cdef([[
typedef struct { long seconds; long nanoseconds; } forecourt_timespec;
int clock_gettime(int clock, forecourt_timespec *now);
]])

local C = ffi.C
local REALTIME = 0
local spec = ffi.new("forecourt_timespec")

local _M = {}

--- The wall clock.
-- @treturn number  seconds since 1970, with fractions
function _M.now()
  C.clock_gettime(REALTIME, spec)
  return tonumber(spec.seconds) + tonumber(spec.nanoseconds) * 1e-9
end

return _M
