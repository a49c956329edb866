--- Who is turned away because the machine is full, and how. How many are comes
-- from beside the edge (forecourt.edge.shedding).
local buckets = require("forecourt.buckets")
local entitlements = require("forecourt.entitlements")
local let_in = require("forecourt.short_bodies").let_in

local _M = {}

local random, tostring = math.random, tostring
local pressure = buckets.pressure
local terms_of = entitlements.terms

-- Methods whose requests have no body, where they do not say so.
local BODILESS = { DELETE = true, GET = true, HEAD = true, OPTIONS = true }

--- Whether a caller's request is turned away. It costs the caller nothing.
function _M.is_due(slot, policy)
  local terms = terms_of[slot]
  local caller = policy and policy.callers[terms.audience]
  local share = pressure(caller and caller.class or terms.class)
  return share > 0 and random(100) <= share
end

--- When who is turned away may come again: not all at once.
-- @treturn string  seconds
function _M.retry_after()
  return tostring(random(2, 8))
end

-- Whether no more of a request comes that would be held while it waits.
local function is_whole(headers)
  local length = headers:get("content-length")
  if length then
    return length == "0"
  end
  return BODILESS[headers:get(":method")]
    and not headers:get("transfer-encoding")
end

--- Leaves a request waiting that is turned away: it goes on without a mark, and
-- after a moment Envoy refuses it (forecourt.compiler.envoy.pacing) as stands
-- in forecourt.compiler.envoy.problems. Ends the headers that were read before.
-- @treturn boolean  whether it waits; one of which more comes does not
function _M.wait(handle)
  local is_let_in = let_in(handle)
  local headers = handle:headers()
  if not is_let_in and not is_whole(headers) then
    return false
  end
  headers:replace("forecourt-reason", "shed") -- for the access log
  headers:replace("forecourt-retry-after", _M.retry_after())
  headers:replace("forecourt-paced", "yes")
  local metadata = handle:streamInfo():dynamicMetadata()
  metadata:set("forecourt", "replied", "shed")
  return true
end

return _M
