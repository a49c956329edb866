--- Which version a caller means, and whether it may have it.
local date = os.date

local _M = {}

local DAY = "^%d%d%d%d%-%d%d%-%d%d$"

-- Draft and preview versions are for the organisation's own services.
local UNRELEASED = { draft = true, preview = true }

local function is_visible(version, granted, audience)
  if UNRELEASED[version.status] and audience ~= "internal" then
    return false
  end
  return granted == true or granted[version.name] == true
end

-- Versions are sorted, oldest first.
local function newest(versions, granted, audience, is_candidate)
  for i = #versions, 1, -1 do
    local version = versions[i]
    if is_visible(version, granted, audience) and is_candidate(version) then
      return version
    end
  end
  return nil
end

local function is_current(version)
  return version.status == "current"
end

--- The version of a request.
-- @tparam table policy       the route's policy
-- @tparam table|boolean granted  true, or the set of versions of the contract
-- @tparam string audience    the caller's
-- @tparam string|nil wanted  the API-Version field
-- @treturn table|nil
function _M.choose(policy, granted, audience, wanted)
  local versions = policy.versions
  if not policy.by_header then
    local version = versions[1]
    return is_visible(version, granted, audience) and version or nil
  end
  if not wanted then
    return newest(versions, granted, audience, is_current)
  end
  if wanted:find(DAY) then
    return newest(versions, granted, audience, function(version)
      return version.name:find(DAY) ~= nil and version.name <= wanted
    end)
  end
  return newest(versions, granted, audience, function(version)
    return version.name == wanted
  end)
end

--- A moment as an HTTP-date (RFC 9110, section 5.6.7).
function _M.http_date(seconds)
  return date("!%a, %d %b %Y %H:%M:%S GMT", seconds)
end

--- When a version ends for a caller: as agreed with it, else for everybody.
function _M.sunset(policy, version, agreed)
  if agreed then
    local on = agreed[policy.api .. " " .. version.name]
    if on then
      return on
    end
  end
  return version.sunset
end

--- Until when a version is not served, where it has a brownout. Nobody meets
-- one who was given longer than everybody else.
-- @tparam table version   `brownouts`: moments at which one begins, and ends
-- @tparam number sunset   when it ends for the caller
-- @treturn number|nil
function _M.brownout(version, sunset, now)
  if sunset > version.sunset then
    return nil
  end
  local moments = version.brownouts
  for i = 1, #moments, 2 do
    if now >= moments[i] and now < moments[i + 1] then
      return moments[i + 1]
    end
  end
  return nil
end

return _M
