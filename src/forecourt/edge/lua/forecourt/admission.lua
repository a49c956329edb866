--- The last step of the way in: what the upstream is told, and the mark.
local entitlements = require("forecourt.entitlements")
local versions = require("forecourt.versions")

local _M = {}

local application = entitlements.application
local audience = entitlements.audience
local bucket = entitlements.bucket
local consumer = entitlements.consumer
local cost = entitlements.cost
local credential = entitlements.credential
local features = entitlements.features
local subject = entitlements.subject
local marks = entitlements.marks
local rung = entitlements.rung
local scopes = entitlements.scopes

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
  headers:add("forecourt-consumer", consumer[slot])
  headers:add("forecourt-application", application[slot])
  headers:add("forecourt-audience", audience[slot])
  headers:add("forecourt-credential", credential[slot])
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
  if scopes[slot] ~= "" then
    headers:add("forecourt-scopes", scopes[slot])
  end
  if features[slot] ~= "" then
    headers:add("forecourt-features", features[slot])
  end
  if subject[slot] ~= "" then
    headers:add("forecourt-subject", subject[slot])
  end
  local metadata = handle:streamInfo():dynamicMetadata()
  if version.base then
    -- Where the version's own upstream wants it; the route has no one base.
    -- Envoy keeps the query.
    local path = headers:get(":path")
    local query = path:find("?", 1, true)
    local rest = path:sub(#policy.prefix + 1, query and query - 1)
    metadata:set("forecourt", "path", version.base .. rest)
  end
  if version.status == "deprecated" then
    say_lifecycle(metadata, slot, policy, version)
  end
  headers:add("forecourt-bucket", bucket[slot])
  headers:add("forecourt-rung", rung[slot])
  headers:add("forecourt-cost", cost[slot])
  local errors = policy.callers[audience[slot]].errors
  metadata:set("forecourt", "admit", marks[slot][errors])
end

return _M
