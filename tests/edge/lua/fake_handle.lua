--- A handle as Envoy gives one to a filter, for a request that a test describes.
-- test_fake_handle.py asks the same of this one and of the real one.
local _M = {}

local Headers = {}
Headers.__index = Headers

local function headers_of(fields)
  local self = setmetatable({ list = {} }, Headers)
  for name, value in pairs(fields or {}) do
    -- A list is a field that was sent several times.
    for _, each in ipairs(type(value) == "table" and value or { value }) do
      self:add(name, each)
    end
  end
  return self
end

function Headers:add(name, value)
  self.list[#self.list + 1] = { name:lower(), tostring(value) }
end

function Headers:get(name)
  local found = {}
  for _, field in ipairs(self.list) do
    if field[1] == name:lower() then
      found[#found + 1] = field[2]
    end
  end
  if #found > 0 then
    return table.concat(found, ",")
  end
end

function Headers:all(name)
  local found = {}
  for _, field in ipairs(self.list) do
    if field[1] == name:lower() then
      found[#found + 1] = field[2]
    end
  end
  return found
end

function Headers:getNumValues(name)
  return #self:all(name)
end

function Headers:getAtIndex(name, index)
  return self:all(name)[index + 1]
end

function Headers:remove(name)
  for i = #self.list, 1, -1 do
    if self.list[i][1] == name:lower() then
      table.remove(self.list, i)
    end
  end
end

function Headers:replace(name, value)
  for _, field in ipairs(self.list) do
    if field[1] == name:lower() then
      field[2] = tostring(value)
      return
    end
  end
  self:add(name, value)
end

function Headers:__pairs()
  local i = 0
  return function()
    i = i + 1
    local field = self.list[i]
    if field then
      return field[1], field[2]
    end
  end
end

-- Envoy builds LuaJIT with this part of Lua 5.2; the one in these tests has not
-- got it.
local plain_pairs = pairs
function pairs(value)
  local meta = getmetatable(value)
  if type(meta) == "table" and meta.__pairs then
    return meta.__pairs(value)
  end
  return plain_pairs(value)
end

local function metadata_of(given)
  local namespaces = given or {}
  return {
    get = function(_, name)
      return namespaces[name]
    end,
    set = function(_, name, key, value)
      namespaces[name] = namespaces[name] or {}
      namespaces[name][key] = value
    end,
    all = namespaces,
  }
end

--- A handle.
-- @tparam table given  headers; route (its name), policy and of_route (what the
--   route says besides); may_get_a_body, though it has none; verified (claims by issuer); body; resolve, which answers a call: function(headers, body) ->
--   headers, body
function _M.new(given)
  local headers = headers_of(given.headers)
  local metadata = metadata_of(given.metadata)
  if given.verified then
    metadata.all["envoy.filters.http.jwt_authn"] = given.verified
  end
  local text = given.body
  local self = { calls = {}, sent = headers, said = metadata.all }
  function self.headers()
    return headers
  end
  function self.streamInfo()
    return {
      dynamicMetadata = function()
        return metadata
      end,
      downstreamRemoteAddress = function()
        return given.address or "203.0.113.7:4711"
      end,
      requestedServerName = function()
        return given.server_name or ""
      end,
      routeName = function()
        return given.route or ""
      end,
    }
  end
  function self.metadata()
    return {
      get = function(_, name)
        if name == "policy" then
          return given.policy
        end
        return given.of_route and given.of_route[name]
      end,
    }
  end
  -- What the request carried when a route was looked for again.
  self.looked_again = {}
  function self.clearRouteCache()
    self.looked_again[#self.looked_again + 1] = headers:get("forecourt-mock")
  end
  function self.httpCall(_, cluster, fields, body, timeout, is_asynchronous)
    self.calls[#self.calls + 1] = { cluster, fields, body, timeout }
    if is_asynchronous then
      return
    end
    return given.resolve(fields, body)
  end
  function self.respond(_, fields, body)
    self.answer = { fields = fields, body = body }
  end
  function self.body(_, wraps_always)
    self.has_waited = true
    if text == nil and wraps_always and given.may_get_a_body then
      text = ""
    end
    if text == nil then
      return nil
    end
    return {
      setBytes = function(_, bytes)
        text = bytes
      end,
      length = function()
        return #text
      end,
      getBytes = function(_, from, size)
        return text:sub(from + 1, from + size)
      end,
      getBytes = function(_, index, count)
        return text:sub(index + 1, index + count)
      end,
    }
  end
  function self.text()
    return text
  end
  return self
end

return _M
