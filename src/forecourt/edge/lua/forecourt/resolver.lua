--- Asks the control plane what a credential stands for.
local _M = {}

local TIMEOUT = 1000 -- milliseconds
local FOREVER = math.huge

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

local function once(text, make)
  local value = shared[text]
  if not value then
    value = make()
    shared[text] = value
  end
  return value
end

local function grants_of(lines)
  if lines[1] == "*" then
    return false
  elseif lines[1] == "-" then
    return {}
  end
  return once("grants\n" .. table.concat(lines, "\n"), function()
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
  end)
end

local function sunsets_of(lines)
  if #lines == 0 then
    return false
  end
  return once("sunsets\n" .. table.concat(lines, "\n"), function()
    local sunsets = {}
    for _, line in ipairs(lines) do
      local list = words(line)
      sunsets[list[1] .. " " .. list[2]] = tonumber(list[3])
    end
    return sunsets
  end)
end

local AUDIENCES = { internal = true, partner = true, public = true }

--- Reads an answer: lines of a name and its percent-encoded words.
-- @treturn table|nil  the entitlement; nil where anything is missing
function _M.parse(body)
  local one, apis, sunsets = {}, {}, {}
  for name, rest in body:gmatch("([^ \n]+) ?([^\n]*)\n?") do
    if name == "api" then
      apis[#apis + 1] = rest
    elseif name == "sunset" then
      sunsets[#sunsets + 1] = rest
    else
      one[name] = rest
    end
  end
  local fresh, grace = tonumber(one.fresh), tonumber(one.grace)
  -- The last line, and whole: what was cut short may lack a condition.
  local news = body:sub(-1) == "\n" and tonumber(one.news)
  local is_whole = news
    and one.credential
    and one.application
    and one.consumer
    and one.bucket
    and AUDIENCES[one.audience]
    and tonumber(one.cost)
    and tonumber(one.rung)
    and tonumber(one.limit)
    and tonumber(one.capacity)
    and fresh
    and grace
    and #apis > 0
  if not is_whole then
    return nil
  end
  return {
    credential = unescaped(one.credential),
    application = unescaped(one.application),
    consumer = unescaped(one.consumer),
    audience = one.audience,
    bucket = unescaped(one.bucket),
    cost = one.cost,
    rung = one.rung,
    limit = one.limit,
    capacity = one.capacity,
    grants = grants_of(apis),
    scopes = one.scopes == "*" and "" or listed(one.scopes),
    features = listed(one.features),
    -- Stays encoded: whoever signs tokens writes what they like there.
    subject = one.subject or "",
    sunsets = sunsets_of(sunsets),
    needs_certificate = one.certificate == "required",
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
    local answer = _M.parse(body)
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
