--- What callers are told of the life of a version: since when it is deprecated,
-- when it ends, and what to use instead.
local carried = require("forecourt.carried")
local entitlements = require("forecourt.entitlements")
local limits = require("forecourt.limits")
local versions = require("forecourt.versions")

local date = os.date
local min = math.min
local terms_of = entitlements.terms

local _M = {}

--- The newest version that comes after one and that the caller may use.
-- @tparam table version
-- @tparam table|boolean granted  true, or the set of versions of the contract
-- @treturn table|nil  name, link
function _M.successor(version, granted)
  local successors = version.successors or {}
  for i = 1, #successors do
    if granted == true or granted[successors[i].name] then
      return successors[i]
    end
  end
  return nil
end

-- RFC 8288: where to read more (RFC 9745, section 3; RFC 8594, section 6), and
-- what comes after (RFC 5829).
local function links(version, sunset, successor)
  local list = {}
  local guide = version.guide
  if guide then
    list[1] = ('<%s>; rel="deprecation"'):format(guide)
    if sunset then
      list[2] = ('<%s>; rel="sunset"'):format(guide)
    end
  end
  if successor then
    list[#list + 1] = successor.link
  end
  return #list > 0 and table.concat(list, ", ") or nil
end

local function facts(slot, policy, version)
  local terms = terms_of[slot]
  local grants = terms.grants
  local granted = not grants or grants[policy.api]
  local sunset = versions.sunset(policy, version, terms.sunsets)
  return sunset, _M.successor(version, granted)
end

-- Nothing ends before it is deprecated (RFC 9745, section 4): what ends earlier
-- than its day, or another's, is deprecated when it ends, at the latest.
local function deprecation(since, sunset)
  return since and ("@%d"):format(sunset and min(since, sunset) or since)
end

local function fields(version, sunset, successor)
  return {
    deprecation = deprecation(version.deprecated, sunset),
    sunset = sunset and versions.http_date(sunset),
    link = links(version, sunset, successor),
  }
end

--- Says on the answer that its version is deprecated (RFC 9745, RFC 8594); the
-- route copies it from here.
function _M.tell(handle, slot, policy, version)
  local metadata = handle:streamInfo():dynamicMetadata()
  local sunset, successor = facts(slot, policy, version)
  for name, value in pairs(fields(version, sunset, successor)) do
    metadata:set("forecourt", name, value)
  end
end

local function earliest(one, other)
  return one and other and min(one, other) or one or other
end

--- Says on the answer that its operation is deprecated, or a parameter that the
-- request carries: the earliest days, of the version's too.
-- @tparam table life  of an operation (forecourt.compiler.contracts.lives)
function _M.tell_of_operation(handle, headers, life, slot, policy, version)
  local since, sunset = life.since, life.sunset
  for _, parameter in ipairs(life.parameters or {}) do
    if carried.has(headers, parameter.location, parameter.name) then
      since = earliest(since, parameter.since)
      sunset = earliest(sunset, parameter.sunset)
    end
  end
  if version.status == "deprecated" then
    since = earliest(since, version.deprecated)
    sunset = earliest(sunset, (facts(slot, policy, version)))
  end
  local metadata = handle:streamInfo():dynamicMetadata()
  if since then
    metadata:set("forecourt", "deprecation", deprecation(since, sunset))
  end
  if sunset then
    metadata:set("forecourt", "sunset", versions.http_date(sunset))
  end
end

local RETIRED = "Version %s is no longer served."
local BROWNOUT = "Version %s will end on %s, and is not served for a while"
  .. " so that whoever still uses it notices."

--- What a refusal says of a version that has ended, or is not served now.
-- @tparam table about       what it says already; `is_detailed`: to colleagues
-- @tparam number|nil wait   seconds until it is served again
function _M.explain(about, slot, policy, version, wait)
  local sunset, successor = facts(slot, policy, version)
  local day = date("!%Y-%m-%d", sunset)
  local guide = version.guide or about.is_detailed and version.guide_file
  local sentences = { (wait and BROWNOUT or RETIRED):format(version.name, day) }
  if successor then
    sentences[2] = ("Use version %s."):format(successor.name)
  end
  if guide then
    sentences[#sentences + 1] = ("Its guide: %s."):format(guide)
  end
  about.detail = table.concat(sentences, " ")
  about.sunset, about.guide = day, guide or nil
  about.successor = successor and successor.name
  about.fields = fields(version, sunset, successor)
  if wait then
    about.fields["retry-after"] = limits.retry_after(wait)
  end
end

return _M
