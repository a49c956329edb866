--- The last step of the way in: what the upstream is told, and the mark.
local entitlements = require("forecourt.entitlements")
local versions = require("forecourt.versions")

local _M = {}

-- Marks by the terms they carry; forecourt.answer reads them.
local marks, count = {}, 0
local MOST = 4096

local function mark_of(slot, errors)
  local cost, limit = entitlements.cost[slot], entitlements.limit[slot]
  local key = cost .. " " .. limit .. " " .. entitlements.capacity[slot]
  local text = marks[errors .. key]
  if not text then
    text = "yes " .. key .. " " .. errors
    if count >= MOST then
      marks, count = {}, 0
    end
    marks[errors .. key] = text
    count = count + 1
  end
  return text
end

-- What the answer will say of a deprecated version (RFC 9745, RFC 8594); the
-- route copies it from here.
local function say_lifecycle(metadata, slot, policy, version)
  if version.deprecated then
    local since = ("@%d"):format(version.deprecated)
    metadata:set("forecourt", "deprecation", since)
  end
  local sunset =
    versions.sunset(policy, version, entitlements.sunsets[slot])
  if sunset then
    metadata:set("forecourt", "sunset", versions.http_date(sunset))
  end
  if version.link then
    metadata:set("forecourt", "link", version.link)
  end
end

--- Tells the access log, the limiter and the upstream who calls.
function _M.name_caller(headers, slot)
  headers:add("forecourt-consumer", entitlements.consumer[slot])
  headers:add("forecourt-application", entitlements.application[slot])
  headers:add("forecourt-audience", entitlements.audience[slot])
  headers:add("forecourt-credential", entitlements.credential[slot])
end

--- Lets a request through. Setting the mark is the last statement: a request
-- that lacks it ends at the admission filter.
function _M.admit(handle, headers, slot, policy, version)
  if version.name ~= "" then
    headers:add("forecourt-version", version.name)
  end
  if version.upstream then
    headers:add("forecourt-upstream", version.upstream)
  end
  local scopes = entitlements.scopes[slot]
  local features = entitlements.features[slot]
  if scopes ~= "" then
    headers:add("forecourt-scopes", scopes)
  end
  if features ~= "" then
    headers:add("forecourt-features", features)
  end
  local metadata = handle:streamInfo():dynamicMetadata()
  if version.status == "deprecated" then
    say_lifecycle(metadata, slot, policy, version)
  end
  headers:add("forecourt-bucket", entitlements.bucket[slot])
  headers:add("forecourt-rung", entitlements.rung[slot])
  headers:add("forecourt-cost", entitlements.cost[slot])
  local errors = policy.callers[entitlements.audience[slot]].errors
  local mark = mark_of(slot, errors)
  metadata:set("forecourt", "admit", mark)
end

return _M
