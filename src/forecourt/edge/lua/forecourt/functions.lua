--- Has the control plane run functions of the estate, which say what no lens
-- can.
local buckets = require("forecourt.buckets")
local clock = require("forecourt.clock")
local entitlements = require("forecourt.entitlements")
local retry_after = require("forecourt.limits").retry_after

local _M = {}

local CLUSTER = "forecourt-control"
local TIMEOUT = 1000 -- milliseconds

-- Of each application: so many requests a minute, and so many at once, whose
-- bodies go through functions, on the way in, out or both.
local PER_MINUTE, AT_ONCE = 600, 60
local INTERVAL = 60 / PER_MINUTE
local DEPTH = INTERVAL * AT_ONCE
_M.PER_MINUTE, _M.AT_ONCE = PER_MINUTE, AT_ONCE

-- Ids of buckets have 52 bits, none of which means anything.
local IDS, ELSEWHERE = 2 ^ 52, 0x3C6EF372FE94F

-- Where the way in leaves for the way out who takes turns with whom.
local TURNS = "turns"

--- The bucket of an application's calls, by the id of that of its requests.
function _M.bucket(id)
  return math.max((id + ELSEWHERE) % IDS, 1)
end

--- Takes what a request costs whose bodies go through functions. The way out
-- costs nothing more: what was done has to be told.
-- @tparam number slot       who calls
-- @treturn string|nil       the name under which that caller has its turns
--   (forecourt.server.turns); nil where its limit is used up
-- @treturn string|nil       why: "check-limited"
-- @treturn table|nil        what the refusal says besides
function _M.charge(handle, slot)
  local id = _M.bucket(entitlements.bucket(slot))
  local _, _, wait = buckets.take(id, INTERVAL, DEPTH, clock.monotonic())
  if wait then
    local fields = { ["retry-after"] = retry_after(wait) }
    return nil, "check-limited", { fields = fields }
  end
  local turns = ("%.0f"):format(id)
  handle:streamInfo():dynamicMetadata():set("forecourt", TURNS, turns)
  return turns
end

--- The name that the way in left.
function _M.turns(handle)
  return handle:streamInfo():dynamicMetadata():get("forecourt")[TURNS]
end

--- Runs one. Waits for the answer: headers obtained before are dead after it,
-- and other bodies were read meanwhile, so that nothing of this one is on the
-- tape.
-- @tparam table called     `file`, by its digest, and `name`
-- @tparam string text      the body, as JSON
-- @tparam string turns     as above
-- @treturn string|nil      what it made of the body, as JSON
-- @treturn string|nil      why nothing becomes of the body, as the function
--   says it; without that it failed, or nobody answered
function _M.run(handle, called, text, turns)
  local headers, body = handle:httpCall(CLUSTER, {
    [":method"] = "POST",
    [":path"] = "/function",
    [":authority"] = "control",
    ["forecourt-file"] = called.file,
    ["forecourt-function"] = called.name,
    ["forecourt-caller"] = turns,
  }, text, TIMEOUT)
  local status = headers and headers[":status"]
  if status == "200" and body and body ~= "" then
    return body
  elseif status == "422" then
    return nil, body or ""
  end
  return nil
end

return _M
