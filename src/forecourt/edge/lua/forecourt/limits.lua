--- A caller's limit as the response says it (RateLimit header fields for HTTP,
-- draft-ietf-httpapi-ratelimit-headers-10).
local floor, ceil, max = math.floor, math.ceil, math.max

-- What every bucket gains (forecourt.compiler.ir.bucket).
local UNITS_PER_SECOND = 1000000

-- Most answers say what another said a moment ago.
local states, count = {}, 0
local MOST = 10000

local _M = {}

--- The RateLimit-Policy field: requests a window of sixty seconds.
function _M.policy(limit)
  return ('"minute";q=%d;w=60'):format(limit)
end

--- The RateLimit field: requests that may come now, seconds until it is full.
-- @tparam number remaining  units left in the bucket
-- @tparam number cost       units a request
-- @tparam number capacity   units the bucket holds
function _M.state(remaining, cost, capacity)
  local requests = floor(remaining / cost)
  local until_full = ceil(max(capacity - remaining, 0) / UNITS_PER_SECOND)
  local key = requests * 1024 + until_full
  local text = until_full < 1024 and states[key]
  if not text then
    text = ('"minute";r=%d;t=%d'):format(requests, until_full)
    if count >= MOST then
      states, count = {}, 0
    end
    states[key] = text
    count = count + 1
  end
  return text
end

--- Seconds after which one request passes again.
function _M.retry_after(remaining, cost)
  return max(1, ceil((cost - remaining) / UNITS_PER_SECOND))
end

return _M
