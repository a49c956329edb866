--- Whether a caller may have what it asks for.
local entitlements = require("forecourt.entitlements")
local versions = require("forecourt.versions")

local application = entitlements.application
local terms_of = entitlements.terms

local _M = {}

--- Decides.
-- What is outside the caller's projection or entitlement does not exist for it.
-- @tparam number slot         the caller's entitlement
-- @tparam table|nil policy    the route's policy; nil where nothing stands
-- @tparam string|nil wanted   the API-Version field
-- @treturn table|nil   the version
-- @treturn string|nil  why not: "not-found", "not-granted", "not-allowed",
--   "credential-not-accepted", "certificate-required", "no-such-version",
--   "version-not-named", "unavailable", "retired" or "brownout"
-- @treturn table|nil   the version that was meant, where it is not served
-- @treturn number|nil  until when, where it is served again
-- @treturn table|nil   what may be named, where nothing was
function _M.decide(slot, policy, wanted, now)
  local terms = terms_of[slot]
  local kind = terms.kind
  if terms.needs_certificate and kind ~= "certificate" then
    return nil, "certificate-required"
  end
  if not policy then
    return nil, "not-found"
  end
  local audience = terms.audience
  local caller = policy.callers[audience]
  if not caller then
    return nil, "not-found"
  end
  local grants = terms.grants
  local granted = not grants or grants[policy.api]
  if not granted then
    return nil, "not-granted"
  end
  if
    policy.allow
    and audience == "internal"
    and not policy.allow[application(slot)]
  then
    return nil, "not-allowed"
  end
  if not caller.credentials[kind] then
    return nil, "credential-not-accepted"
  end
  local version, why = versions.choose(policy, granted, terms, wanted)
  if not version then
    local choices = versions.choices(policy, granted, terms, now)
    if not why and #choices > 0 then
      return nil, "version-not-named", nil, nil, choices
    end
    return nil, why or "no-such-version"
  end
  local sunset = versions.sunset(policy, version, terms.sunsets)
  if sunset and now >= sunset then
    return nil, "retired", version
  end
  if version.brownouts and caller.brownouts then
    local till = versions.brownout(version, sunset, now)
    if till then
      return nil, "brownout", version, till
    end
  end
  return version
end

return _M
