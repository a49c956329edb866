--- A caller's limits as the response says them (RateLimit header fields for
-- HTTP, draft-ietf-httpapi-ratelimit-headers-10).
local ceil, max = math.ceil, math.max

-- Most answers say what another said a moment ago.
local states, count = {}, 0
local MOST, LONG = 10000, 1024

local _M = {}

-- Months differ in length, so that one has no number of seconds.
local WINDOWS = { day = ";w=86400", month = "" }

--- One item of the RateLimit-Policy field: requests a window of sixty seconds.
-- @tparam string name   whose limit it is
-- @tparam number limit
function _M.item(name, limit)
  return ('"%s";q=%d;w=60'):format(name, limit)
end

--- The RateLimit-Policy field: of a caller, a minute; quotas; a person's share;
-- and how many requests at a time.
-- @tparam number limit
-- @tparam table|nil quotas  texts: a window, "day" or "month", and its requests
-- @tparam number|nil each   of every person for whom the caller acts
-- @tparam number|nil most   requests that may be under way at a time
function _M.policy(limit, quotas, each, most)
  local items = { _M.item("minute", limit) }
  for _, quota in ipairs(quotas or {}) do
    local window, most = quota:match("^(%a+) (%d+)$")
    items[#items + 1] = ('"%s";q=%s%s'):format(window, most, WINDOWS[window])
  end
  if each then
    items[#items + 1] = _M.item("user", each)
  end
  if most then
    local concurrent = '"concurrent";q=%d;qu="concurrent-requests"'
    items[#items + 1] = concurrent:format(most)
  end
  return table.concat(items, ", ")
end

--- One item of the RateLimit field.
-- @tparam number left     requests that may come now
-- @tparam number seconds  whole seconds until the bucket is full
-- @tparam string name     of the policy's item
function _M.state(left, seconds, name)
  local kept = states[name]
  if not kept then
    kept = {}
    states[name] = kept
  end
  local key = left * LONG + seconds
  local is_kept = seconds < LONG
  local text = is_kept and kept[key]
  if text then
    return text
  end
  text = ('"%s";r=%d;t=%d'):format(name, left, seconds)
  if is_kept then
    if count >= MOST then
      states, count = {}, 0
      return text
    end
    kept[key] = text
    count = count + 1
  end
  return text
end

--- The Retry-After field: whole seconds after which one request passes.
function _M.retry_after(wait)
  return ("%d"):format(max(1, ceil(wait)))
end

return _M
