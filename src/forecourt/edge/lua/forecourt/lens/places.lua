--- Where parameters of a request stand: what is there by a name, and what is
-- put there. Values are texts, decoded. What cannot stand at a place, does not.
local pairs_of = require("forecourt.inward.pairs")
local percent = require("forecourt.inward.percent")

local byte, find, format, gsub, sub =
  string.byte, string.find, string.format, string.gsub, string.sub
local concat, remove = table.concat, table.remove

local _M = {}

local function escaped(c)
  return format("%%%02X", byte(c))
end

local function encoded(text)
  return (gsub(text, "[^%w%-._~]", escaped))
end

-- What stands behind a name, in brackets: nothing of it may end the name.
local function encoded_behind(text)
  return (gsub(text, "[^%w%-._~%[%]]", escaped))
end

-- --- path: by name, as it came

local path = {}

function path.get(request, name)
  local raw = request.path[name]
  return raw and percent.decode(raw, false)
end

-- What would be another path to some server.
local NO_SEGMENT = "[/\\%c]"
local DOTS = { [""] = true, ["."] = true, [".."] = true }

function path.set(request, name, text)
  if DOTS[text] or find(text, NO_SEGMENT) then
    return false
  end
  request.path[name] = encoded(text)
  return true
end

function path.rename(request, name, to)
  request.path[name], request.path[to] = nil, request.path[name]
end

function path.drop(request, name)
  request.path[name] = nil
end

-- --- query and cookies: pairs in their order

local function query_of(request)
  local given = request.query
  if not given then
    given = {}
    local text = request.query_text or ""
    local i = 1
    while i <= #text do
      local name, value
      local first = i
      name, value, i = pairs_of.after(text, i)
      local plain = percent.decode(name, true)
      local is_bare = i - 2 - first < #name
      given[#given + 1] = { name, value, plain, is_bare = is_bare }
    end
    request.query = given
  end
  return given
end

local function cookies_of(request)
  local given = request.cookies
  if not given then
    given = {}
    local text = request.headers:get("cookie") or ""
    local i = 1
    while i <= #text do
      local name, value
      name, value, i = pairs_of.cookie_after(text, i)
      given[#given + 1] = { name, value, name, is_bare = value == "" }
    end
    request.cookies = given
  end
  return given
end

-- Whether a pair is of that parameter: `filter[a]` is of `filter`, if it is of
-- no other.
local function is_of(pair, name)
  local plain = pair[3]
  return plain == name
    or plain ~= nil
      and sub(plain, 1, #name) == name
      and sub(plain, #name + 1, #name + 1) == "["
end

-- The place that has such pairs.
local function of_pairs(list_of, changed, is_form)
  local place = {}

  -- A parameter that came more than once has no one value.
  function place.get(request, name)
    local found
    for _, pair in ipairs(list_of(request)) do
      if is_of(pair, name) then
        if found or pair[3] ~= name then
          return nil, true
        end
        found = pair
      end
    end
    if not found then
      return nil
    end
    local text = found[2]
    if is_form then
      text = percent.decode(text, true)
    end
    return text, text == nil
  end

  function place.drop(request, name)
    local list = list_of(request)
    for i = #list, 1, -1 do
      if is_of(list[i], name) then
        remove(list, i)
        request[changed] = true
      end
    end
  end

  function place.rename(request, name, to)
    if name ~= to then
      place.drop(request, to) -- nobody meant that by it
    end
    for _, pair in ipairs(list_of(request)) do
      if is_of(pair, name) then
        local behind = sub(pair[3], #name + 1)
        pair[3] = to .. behind
        pair[1] = is_form and encoded(to) .. encoded_behind(behind) or pair[3]
        request[changed] = true
      end
    end
  end

  function place.set(request, name, text)
    if not is_form and find(text, '[^\33-\126]') then
      return false
    elseif not is_form and find(text, '[;,"\\]') then
      return false
    end
    local list = list_of(request)
    local value = is_form and encoded(text) or text
    for _, pair in ipairs(list) do
      if pair[3] == name then
        pair[2], pair.is_bare = value, value == ""
        request[changed] = true
        return true
      end
    end
    local spelled = is_form and encoded(name) or name
    list[#list + 1] = { spelled, value, name, is_bare = value == "" }
    request[changed] = true
    return true
  end

  return place
end

-- --- header fields

local header = {}

function header.get(request, name)
  return request.headers:get(name)
end

function header.set(request, name, text)
  -- What would end the field, or be read otherwise.
  if find(text, "[^\32-\126]") or find(text, "^ ") or find(text, " $") then
    return false
  end
  request.headers:replace(name, text)
  return true
end

function header.drop(request, name)
  request.headers:remove(name)
end

function header.rename(request, name, to)
  if name ~= to then
    header.drop(request, to)
  end
  local text = request.headers:get(name)
  if text then
    request.headers:remove(name)
    request.headers:replace(to, text)
  end
end

--- By the name of the place: `get`, which answers true besides where something
-- is there that is no one text; `set`, which answers whether it may stand
-- there; `rename` and `drop`.
_M.path, _M.header = path, header
_M.query = of_pairs(query_of, "has_other_query", true)
_M.cookie = of_pairs(cookies_of, "has_other_cookies", false)

local function joined(list, separator)
  local out = {}
  for i, pair in ipairs(list) do
    out[i] = pair.is_bare and pair[1] or pair[1] .. "=" .. pair[2]
  end
  return concat(out, separator)
end

--- The query, as it is now.
-- @treturn string  "" where there is none
function _M.query_text(request)
  if not request.has_other_query then
    return request.query_text or ""
  end
  return joined(request.query, "&")
end

--- Writes the cookies, if they are others now.
function _M.write_cookies(request)
  if request.has_other_cookies then
    local text = joined(request.cookies, "; ")
    if text == "" then
      request.headers:remove("cookie")
    else
      request.headers:replace("cookie", text)
    end
  end
end

return _M
