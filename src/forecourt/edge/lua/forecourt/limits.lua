--- A caller's limit as the response says it (RateLimit header fields for HTTP,
-- draft-ietf-httpapi-ratelimit-headers-10).
local ceil, max = math.ceil, math.max

-- Most answers say what another said a moment ago.
local states, count = {}, 0
local MOST, LONG = 10000, 1024

local _M = {}

-- Months differ in length, so that one has no number of seconds.
local WINDOWS = { day = ";w=86400", month = "" }

--- The RateLimit-Policy field: requests a window of sixty seconds, and quotas.
-- @tparam number limit
-- @tparam table|nil quotas  texts: a window, "day" or "month", and its requests
function _M.policy(limit, quotas)
  local items = { ('"minute";q=%d;w=60'):format(limit) }
  for _, quota in ipairs(quotas or {}) do
    local window, most = quota:match("^(%a+) (%d+)$")
    items[#items + 1] = ('"%s";q=%s%s'):format(window, most, WINDOWS[window])
  end
  return table.concat(items, ", ")
end

--- The RateLimit field.
-- @tparam number left     requests that may come now
-- @tparam number seconds  whole seconds until the bucket is full
function _M.state(left, seconds)
  local key = left * LONG + seconds
  local is_kept = seconds < LONG
  local text = is_kept and states[key]
  if text then
    return text
  end
  text = ('"minute";r=%d;t=%d'):format(left, seconds)
  if is_kept then
    if count >= MOST then
      states, count = {}, 0
    end
    states[key] = text
    count = count + 1
  end
  return text
end

--- The Retry-After field: whole seconds after which one request passes.
function _M.retry_after(wait)
  return ("%d"):format(max(1, ceil(wait)))
end

return _M
