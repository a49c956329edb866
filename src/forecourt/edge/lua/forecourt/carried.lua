--- Whether a request carries a parameter, whatever its value.
local decode = require("forecourt.inward.percent").decode
local pairs_of = require("forecourt.inward.pairs")

local _M = {}

local function in_query(path, name)
  local query = path:match("%?(.*)$") or ""
  local i = 1
  while i <= #query do
    local written, _, after = pairs_of.after(query, i)
    local said = decode(written, true) or written
    -- A deep object's members come as `name[member]`.
    if said == name or said:match("^(.-)%[") == name then
      return true
    end
    i = after
  end
  return false
end

local function in_cookies(field, name)
  local i = 1
  while i <= #field do
    local written, _, after = pairs_of.cookie_after(field, i)
    if written == name then
      return true
    end
    i = after
  end
  return false
end

--- Looks.
-- @tparam userdata headers
-- @tparam string location  "query", "header" or "cookie"
-- @tparam string name      of a header in lower case
-- @treturn boolean
function _M.has(headers, location, name)
  if location == "query" then
    return in_query(headers:get(":path"), name)
  elseif location == "header" then
    return headers:get(name) ~= nil
  end
  return in_cookies(headers:get("cookie") or "", name)
end

return _M
