--- Has the control plane judge a body that the edge cannot judge exactly.
-- Such a call costs a token of a bucket of its own, so that nobody spends on
-- patterns what others wait for.
local buckets = require("forecourt.buckets")
local clock = require("forecourt.clock")
local entitlements = require("forecourt.entitlements")

local _M = {}

local TIMEOUT = 1000 -- milliseconds

-- Of each application: so many bodies a minute, and so many at once.
local PER_MINUTE, AT_ONCE = 60, 10
local INTERVAL = 60 / PER_MINUTE
local DEPTH = INTERVAL * AT_ONCE
_M.PER_MINUTE, _M.AT_ONCE = PER_MINUTE, AT_ONCE

-- Ids of buckets have 52 bits, none of which means anything.
local IDS, ELSEWHERE = 2 ^ 52, 0x9E3779B97F4A7

local function encoded(text)
  return (text:gsub("[^%w%.%-_~/]", function(char)
    return ("%%%02X"):format(char:byte())
  end))
end

local function decoded(word)
  if word == "-" then
    return nil
  end
  return (word:gsub("%%(%x%x)", function(hex)
    return string.char(tonumber(hex, 16))
  end))
end

--- The bucket of an application's calls, by the id of that of its requests.
function _M.bucket(id)
  return math.max((id + ELSEWHERE) % IDS, 1)
end

--- Reads what is wrong: lines of a pointer, a keyword, and what was expected.
-- @treturn table|nil  as forecourt.contract.faults lists them; nil for what
--   says nothing
function _M.parse(lines)
  local faults = {}
  for pointer, rule, expected in lines:gmatch("(%S+) (%S+) (%S+)\n") do
    faults[#faults + 1] = {
      pointer = decoded(pointer) or "",
      rule = rule,
      expected = decoded(expected),
    }
  end
  return #faults > 0 and faults or nil
end

--- Judges. Waits for the answer: headers obtained before are dead after it, and
-- other bodies were read meanwhile, so that nothing of this one is on the tape.
-- @tparam table settings  the gate's
-- @tparam string digest   of the contract's way in
-- @tparam string root     a schema of it that the edge does not judge
-- @tparam string text     the value, as JSON
-- @tparam number slot     who calls
-- @treturn boolean|nil     whether it keeps the schema
-- @treturn table|string|nil  what is wrong; or why nobody knows:
--   "check-limited", or "cannot-judge", which is also said where the caller's
--   entitlement ended while it waited
-- @treturn number|nil     seconds to wait, where the limit is used up
function _M.judge(handle, settings, digest, root, text, slot)
  local id = _M.bucket(entitlements.bucket(slot))
  local _, _, wait = buckets.take(id, INTERVAL, DEPTH, clock.monotonic())
  if wait then
    return nil, "check-limited", wait
  end
  local turn = entitlements.turn(slot)
  local headers, body = handle:httpCall(settings.control_cluster, {
    [":method"] = "POST",
    [":path"] = "/judge",
    [":authority"] = "control",
    ["forecourt-contract"] = digest,
    ["forecourt-root"] = encoded(root),
    -- Callers have the judges in turn (forecourt.server.turns).
    ["forecourt-caller"] = ("%.0f"):format(id),
  }, text, TIMEOUT)
  if entitlements.turn(slot) ~= turn then
    return nil, "cannot-judge"
  end
  local status = headers and headers[":status"]
  if status == "204" then
    return true
  end
  local faults = status == "422" and body and _M.parse(body)
  if faults then
    return false, faults
  end
  return nil, "cannot-judge"
end

return _M
