--- Asks the control plane what a credential stands for.
local addresses = require("forecourt.addresses")
local limits = require("forecourt.limits")

local _M = {}

local TIMEOUT = 1000 -- milliseconds
local FOREVER = math.huge
-- As the estate may declare (forecourt.source.files.rate_limits): each of them
-- is looked at before a request is refused.
local MOST_AT_ONCE = 1000

local function unescaped(text)
  return (text:gsub("%%(%x%x)", function(hex)
    return string.char(tonumber(hex, 16))
  end))
end

local function words(text)
  local list = {}
  for word in text:gmatch("%S+") do
    list[#list + 1] = unescaped(word)
  end
  return list
end

local function listed(text)
  return text and table.concat(words(text), " ") or ""
end

-- Callers on the same terms share one table, however many they are.
local shared = setmetatable({}, { __mode = "v" })

local function grants_of(lines)
  if lines[1] == "*" then
    return false
  elseif lines[1] == "-" then
    return {}
  end
  local grants = {}
  for _, line in ipairs(lines) do
    local list = words(line)
    local name = list[1]
    if list[2] == "*" then
      grants[name] = true
    else
      local versions = {}
      for i = 2, #list do
        versions[list[i]] = true
      end
      grants[name] = versions
    end
  end
  return grants
end

local function sunsets_of(lines)
  if #lines == 0 then
    return false
  end
  local sunsets = {}
  for _, line in ipairs(lines) do
    local list = words(line)
    sunsets[list[1] .. " " .. list[2]] = tonumber(list[3])
  end
  return sunsets
end

-- "api" -> version; false where there are none, nil where nobody could say.
local function pins_of(lines, told)
  if told == "unknown" then
    return nil
  elseif #lines == 0 then
    return false
  end
  local pins = {}
  for _, line in ipairs(lines) do
    local list = words(line)
    pins[list[1]] = list[2]
  end
  return pins
end

-- A set, and false where it is empty.
local function set_of(text)
  local set = false
  for _, word in ipairs(words(text or "")) do
    set = set or {}
    set[word] = true
  end
  return set
end

local AUDIENCES = { internal = true, partner = true, public = true }
-- Who is turned away first where not everybody can be served.
local CLASSES = { ["0"] = 0, ["1"] = 1, ["2"] = 2, ["3"] = 3, ["4"] = 4 }
local MODES = { live = true, test = true }

-- What each credential has for itself; all else are terms.
local ITS_OWN = {
  credential = true,
  application = true,
  consumer = true,
  subject = true,
  bucket = true,
  beside = true,
  user = true,
  expires = true,
  fresh = true,
  grace = true,
  news = true,
}

-- The quota that is used up: of which window, and until when (epoch).
local function exhausted_of(text)
  local window, till = (text or ""):match("^(%a+) (%d+)$")
  return window and { window = window, till = tonumber(till) } or nil
end

-- An id of a bucket, as a number; nil for what is none.
local function id_of(text)
  local is_id = text and #text == 13 and not text:find("%X")
  local id = is_id and tonumber(text, 16)
  return id and id > 0 and id or nil
end

-- A bucket as forecourt.buckets has it, in seconds; nil for what is none.
local function pace_of(limit, capacity)
  limit, capacity = tonumber(limit), tonumber(capacity)
  local is_limit = limit and limit > 0 and limit < FOREVER
  if is_limit and capacity and capacity >= 1 and capacity < FOREVER then
    local interval = 60 / limit
    return { q = limit, interval = interval, depth = interval * capacity }
  end
  return nil
end

local function is_count(text)
  local count = tonumber(text)
  return count and count >= 1 and count <= MOST_AT_ONCE and count % 1 == 0
end

local function terms_of(kind, one, apis, sunsets, pins, quotas, networks)
  local pace = pace_of(one.limit, one.capacity)
  local each = pace_of(one.user_limit, one.user_capacity)
  return {
    kind = kind,
    audience = one.audience,
    -- API -> true, or a set of versions; false: all that the audience sees.
    grants = grants_of(apis),
    -- "api version" -> epoch; false where nothing was agreed.
    sunsets = sunsets_of(sunsets),
    pins = pins_of(pins, one.pins),
    scopes = one.scopes == "*" and "" or listed(one.scopes),
    -- A key for which nobody named any holds all that need no user.
    has_all_scopes = one.scopes == "*",
    features = listed(one.features),
    has_feature = set_of(one.features),
    needs_certificate = one.certificate == "required",
    is_test = one.mode == "test",
    class = CLASSES[one.class],
    -- The second until which it is refused; false: it is not.
    blocked = one.blocked and (tonumber(one.blocked) or FOREVER),
    -- Where it may come from; false: from anywhere.
    networks = networks,
    interval = pace.interval,
    depth = pace.depth,
    -- The share of each person for whom it acts; false: nobody has one.
    user = each or false,
    -- How many requests may be under way at a time; nil: nobody counts.
    most_at_once = tonumber(one.concurrent),
    policy = limits.policy(
      pace.q,
      quotas,
      each and each.q,
      tonumber(one.concurrent)
    ),
    exhausted = exhausted_of(one.exhausted),
  }
end

--- Reads an answer: lines of a name and its percent-encoded words.
-- @tparam string body
-- @tparam string kind  of the credential
-- @treturn table|nil   the entitlement; nil where anything is missing
function _M.parse(body, kind)
  local one, apis, sunsets, pins, quotas = {}, {}, {}, {}, {}
  local common = { kind }
  for name, rest in body:gmatch("([^ \n]+) ?([^\n]*)\n?") do
    if name == "api" then
      apis[#apis + 1] = rest
    elseif name == "sunset" then
      sunsets[#sunsets + 1] = rest
    elseif name == "quota" then
      quotas[#quotas + 1] = rest
    elseif name == "pin" then
      pins[#pins + 1] = rest
    else
      one[name] = rest
    end
    if not ITS_OWN[name] then
      common[#common + 1] = name .. " " .. rest
    end
  end
  local fresh, grace = tonumber(one.fresh), tonumber(one.grace)
  local bucket, user = id_of(one.bucket), id_of(one.user)
  local beside = id_of(one.beside)
  local networks = addresses.networks(one.addresses)
  -- The last line, and whole: what was cut short may lack a condition.
  local news = body:sub(-1) == "\n" and tonumber(one.news)
  local is_whole = news
    and one.credential
    and one.application
    and one.consumer
    and bucket
    and AUDIENCES[one.audience]
    and MODES[one.mode]
    and CLASSES[one.class]
    and pace_of(one.limit, one.capacity)
    and (not one.concurrent or is_count(one.concurrent))
    and (beside or not one.beside)
    and (user or not one.user)
    and (not user or pace_of(one.user_limit, one.user_capacity))
    and fresh
    and grace
    and #apis > 0
    and (not one.exhausted or exhausted_of(one.exhausted))
    and networks ~= nil
  if not is_whole then
    return nil
  end
  local key = table.concat(common, "\n")
  local terms = shared[key]
    or terms_of(kind, one, apis, sunsets, pins, quotas, networks)
  shared[key] = terms
  return {
    credential = unescaped(one.credential),
    application = unescaped(one.application),
    consumer = unescaped(one.consumer),
    -- Stays encoded: whoever signs tokens writes what they like there.
    subject = one.subject or "",
    bucket = bucket,
    beside = beside,
    user = user,
    terms = terms,
    expires = tonumber(one.expires) or FOREVER,
    fresh = fresh,
    grace = grace,
    news = news,
  }
end

--- Asks. Waits for the answer; headers obtained before are dead after it.
-- @treturn table|nil   the entitlement
-- @treturn string|nil  why not: "unknown" or "unavailable"
function _M.ask(handle, settings, kind, credential)
  local headers, body = handle:httpCall(settings.control_cluster, {
    [":method"] = "POST",
    [":path"] = "/resolve",
    [":authority"] = "control",
    ["forecourt-kind"] = kind,
    ["forecourt-credential"] = credential,
    ["forecourt-listener"] = settings.listener,
  }, nil, TIMEOUT)
  local status = headers and headers[":status"]
  if status == "200" and body then
    local answer = _M.parse(body, kind)
    if answer then
      return answer
    end
    return nil, "unavailable"
  elseif status == "404" or status == "400" then
    return nil, "unknown"
  end
  return nil, "unavailable"
end

return _M
