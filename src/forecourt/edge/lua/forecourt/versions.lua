--- Which version a caller means, and whether it may have it.
local date = os.date

local _M = {}

local DAY = "^(%d%d%d%d)%-(%d%d)%-(%d%d)$"
local DAYS = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

--- Whether a text is a day of the calendar.
function _M.is_day(text)
  local year, month, day = text:match(DAY)
  if not year or year == "0000" then
    return false
  end
  year, month, day = tonumber(year), tonumber(month), tonumber(day)
  local has_29 = year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
  local last = DAYS[month]
  if month == 2 and not has_29 then
    last = 28
  end
  return last ~= nil and day >= 1 and day <= last
end

-- A draft is for the organisation's own services, and what has a feature for
-- who has it too; a preview must have one.
local function is_visible(version, granted, terms)
  local status, feature = version.status, version.feature
  if status ~= "current" then
    if status == "draft" and terms.audience ~= "internal" then
      return false
    elseif status == "preview" and not feature then
      return false
    end
  end
  if feature and not (terms.has_feature and terms.has_feature[feature]) then
    return false
  end
  return granted == true or granted[version.name] == true
end

-- Versions are sorted, oldest first.
local function newest(versions, granted, terms, is_candidate)
  for i = #versions, 1, -1 do
    local version = versions[i]
    if is_candidate(version) and is_visible(version, granted, terms) then
      return version
    end
  end
  return nil
end

local function is_current(version)
  return version.status == "current"
end

local function needs_feature(version)
  return version.feature ~= nil and version.status ~= "draft"
end

local function needs_none(version)
  return version.feature == nil and version.status ~= "draft"
end

local function named(versions, granted, terms, name)
  return newest(versions, granted, terms, function(version)
    return version.name == name
  end)
end

-- The newest that is not after a day. A draft is meant by its own name only.
local function on(versions, granted, terms, day)
  return newest(versions, granted, terms, function(version)
    return version.status ~= "draft"
      and version.name <= day
      and _M.is_day(version.name)
  end)
end

--- The version of a request.
-- @tparam table policy       the route's policy
-- @tparam table|boolean granted  true, or the set of versions of the contract
-- @tparam table terms        the caller's
-- @tparam string|nil wanted  the API-Version field
-- @treturn table|nil
-- @treturn string|nil  why nobody can say: "unavailable"
function _M.choose(policy, granted, terms, wanted)
  local versions = policy.versions
  if policy.by_flags then
    return newest(versions, granted, terms, needs_feature)
      or newest(versions, granted, terms, needs_none)
  elseif not policy.by_header then
    local version = versions[1]
    return is_visible(version, granted, terms) and version or nil
  end
  if wanted then
    return named(versions, granted, terms, wanted)
      or _M.is_day(wanted) and on(versions, granted, terms, wanted)
      or nil
  end
  local pins = terms.pins
  if pins == nil then
    return nil, "unavailable"
  end
  local pinned = pins and pins[policy.api]
  if pinned then
    return named(versions, granted, terms, pinned)
  end
  return newest(versions, granted, terms, is_current)
end

--- What a caller may name in API-Version: its versions that have not ended.
-- @treturn table  their names, oldest first; empty where no field names any
function _M.choices(policy, granted, terms, now)
  local names = {}
  for _, version in ipairs(policy.by_header and policy.versions or {}) do
    local sunset = _M.sunset(policy, version, terms.sunsets)
    local has_ended = sunset and now >= sunset
    if not has_ended and is_visible(version, granted, terms) then
      names[#names + 1] = version.name
    end
  end
  return names
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
