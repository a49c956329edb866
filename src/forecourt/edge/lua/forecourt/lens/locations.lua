--- URLs of the newer version that an answer names, in the older one.
local operations = require("forecourt.operations")

local find, gsub, lower, match, sub =
  string.find, string.gsub, string.lower, string.match, string.sub
local concat, ipairs = table.concat, ipairs

local _M = {}

-- A path below the prefix, in the version before; nil where that has none.
local function before(way_back, path)
  local number, took = operations.match(way_back, "*", path)
  if not number then
    return nil
  end
  local way = way_back.ways[number]
  local by_name, out = {}, {}
  for i, name in ipairs(way.names) do
    by_name[name] = took[i]
  end
  for i, piece in ipairs(way.pieces) do
    out[i] = piece.name and by_name[piece.name] or piece
  end
  return concat(out)
end

-- A path with what follows it; nil where it stays as it is.
local function lowered(lenses, path)
  local newer = lenses.prefixes.newer
  if sub(path, 1, #newer) ~= newer then
    return nil
  end
  local stop = find(path, "[?#]") or #path + 1
  local below = sub(path, #newer + 1, stop - 1)
  for i = #lenses.ways_back, 1, -1 do
    below = before(lenses.ways_back[i], below)
    if not below then
      return nil
    end
  end
  return lenses.prefixes.older .. below .. sub(path, stop)
end

-- What an answer names on another host is none of ours.
local function is_our_host(handle, host)
  local called = handle:streamInfo():requestedServerName()
  return called ~= nil and lower(host) == lower(called)
end

local function url(handle, lenses, text)
  if find(text, "^/[^/]") or text == "/" then
    return lowered(lenses, text)
  end
  local before_path, host, path =
    match(text, "^(%a[%w+.-]*://([^/:?#@]+):?%d*)(/.*)$")
  if not before_path or not is_our_host(handle, host) then
    return nil
  end
  path = lowered(lenses, path)
  return path and before_path .. path
end

local FIELDS = { "location", "content-location" }

-- What the edge itself says of a version's successor.
local OWN = "successor-version"

local function links(handle, lenses, text)
  return (
    gsub(text, "<([^>]*)>([^<]*)", function(target, behind)
      if find(behind, OWN, 1, true) then
        return nil
      end
      local older = url(handle, lenses, target)
      return older and "<" .. older .. ">" .. behind
    end)
  )
end

--- Says them in the fields of an answer.
function _M.say(handle, headers, lenses)
  for i = 1, #FIELDS do
    local text = headers:get(FIELDS[i])
    local older = text and url(handle, lenses, text)
    if older then
      headers:replace(FIELDS[i], older)
    end
  end
  local text = headers:get("link")
  local older = text and links(handle, lenses, text)
  if older and older ~= text then
    headers:remove("link")
    headers:add("link", older)
  end
end

return _M
