--- Which of the media types that a contract declares a body has (RFC 9110,
-- section 8.3.1).
local find, gsub, lower, match =
  string.find, string.gsub, string.lower, string.match

local _M = {}

local TOKEN = "[%w!#$%%&'*+.^_`|~-]+"
local HEAD = "^(" .. TOKEN .. ")/(" .. TOKEN .. ")[ \t]*()"
local NAME = "^;[ \t]*(" .. TOKEN .. ")=()"
local PLAIN = "^(" .. TOKEN .. ")[ \t]*()"
local QUOTED = '^"([^"\\]*)"[ \t]*()'

-- So many spellings are remembered for each operation: callers choose them.
-- Longer ones are not remembered.
local LONGEST = 128
local MOST = 16

--- Reads a media type. What two readers could take for different types is none:
-- a second type after a comma, a parameter that comes twice.
-- @tparam string text
-- @treturn string|nil  in small letters, without parameters
-- @treturn table|nil   parameters: small letters -> value as it is written
function _M.parse(text)
  local kind, subtype, i = match(text, HEAD)
  if not kind then
    return nil
  end
  local parameters = {}
  while i <= #text do
    local name, at = match(text, NAME, i)
    if not name then
      return nil
    end
    local value, after = match(text, PLAIN, at)
    if not value then
      value, after = match(text, QUOTED, at)
    end
    name = lower(name)
    if not value or parameters[name] then
      return nil
    end
    parameters[name], i = value, after
  end
  return lower(kind .. "/" .. subtype), parameters
end

--- Whether a media type, in small letters without parameters, is JSON.
function _M.is_json(essence)
  return find(essence, "[/+]json$") ~= nil
end

--- Whether a body that has this Content-Type may have to be judged, whatever
-- the contract is.
function _M.may_be_judged(text)
  text = lower(text)
  return find(text, "json", 1, true) ~= nil
    or find(text, "x-www-form-urlencoded", 1, true) ~= nil
    or find(text, "multipart/form-data", 1, true) ~= nil
end

local function has_all(wanted, parameters)
  for name, value in pairs(wanted or {}) do
    if parameters[name] ~= value then
      return false
    end
  end
  return true
end

local function covers(declared, essence)
  return declared == essence
    or declared == "*/*"
    or (
      find(declared, "/*", 1, true) ~= nil
      and match(declared, "^[^/]+/") == match(essence, "^[^/]+/")
    )
end

-- What a body of that type is judged by, and how its bytes are looked at:
-- "json", "form", "multipart" or "other".
local function way_of(content, essence)
  if content.kind ~= "range" then
    return content, content.kind
  elseif _M.is_json(essence) then
    return content, "json"
  elseif content.form and essence == content.form.type then
    return content.form, "form"
  elseif content.multipart and essence == content.multipart.type then
    return content.multipart, "multipart"
  end
  return content, "other"
end

local function choose(contents, text)
  local essence, parameters = _M.parse(text)
  if not essence then
    return false
  end
  for _, content in ipairs(contents) do
    if
      covers(content.type, essence) and has_all(content.parameters, parameters)
    then
      local judging, way = way_of(content, essence)
      local charset = parameters.charset
      if way ~= "other" and charset and lower(charset) ~= "utf-8" then
        return false
      end
      return {
        content = judging,
        way = way,
        boundary = parameters.boundary,
      }
    end
  end
  return false
end

--- What is declared of a body with a Content-Type.
-- @tparam table body    compiler/contracts/bodies.py
-- @tparam string text   the field
-- @treturn table|false  `content`; `way`: "json", "form", "multipart" or
--   "other"; `boundary`, if it names one. False: nothing is
function _M.chosen(body, text)
  if #text > LONGEST then
    return choose(body.contents, text)
  end
  local known = body.known
  if not known then
    known = { count = 0, by = {} }
    body.known = known
  end
  local found = known.by[text]
  if found == nil then
    found = choose(body.contents, text)
    if known.count >= MOST then
      known.count, known.by = 0, {}
    end
    known.count, known.by[text] = known.count + 1, found
  end
  return found
end

--- All that are declared, as a field lists them.
function _M.listed(body)
  local types = {}
  for i, content in ipairs(body.contents) do
    types[i] = gsub(content.type, "[%c]", "")
  end
  return table.concat(types, ", ")
end

return _M
