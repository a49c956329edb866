--- How places of a body are told to people. What an upstream sends is its
-- users' data, and so may the names in it be: keys of a map are accounts, or
-- addresses. A name that the contract declares is told, and at the end of a
-- place one that looks as if a programmer chose it; any other is `*`.
local layout = require("forecourt.contract.layout")
local bundles = require("forecourt.contract.bundle")

local _M = {}

local LONGEST = 512
local MOST_LETTERS = 64

-- Every property that some schema of the contract names.
local function names_of(bundle)
  local names, words = {}, bundle.words
  for schema = 0, bundle.headers_count - 1 do
    local object = bundle.headers[schema * layout.HEADER + layout.OBJECT]
    if object ~= 0 then
      local at = words[object + 10]
      for i = 0, words[object + 9] - 1 do
        names[bundles.text(bundle, words[at + 4 * i])] = true
      end
    end
  end
  return names
end

local known = setmetatable({}, { __mode = "k" })

local function declared(bundle)
  local names = known[bundle]
  if not names then
    names = names_of(bundle)
    known[bundle] = names
  end
  return names
end

-- Numbers of accounts and hashes have digits; `line_2` and `sha256` may.
local function is_chosen(name)
  local _, digits = name:gsub("%d", "")
  return #name <= MOST_LETTERS
    and digits <= 3
    and name:find("^[%a_$][%w_$.%-]*$") ~= nil
end

local function unescaped(step)
  return (step:gsub("~1", "/"):gsub("~0", "~"))
end

--- A place without anybody's data in it.
-- @tparam table bundle    the contract
-- @tparam string pointer  a JSON pointer with `*` for each index
-- @tparam boolean is_beyond  whether the contract does not declare its last
--   name; one that it declares, and that is no property's, is a map's key
-- @treturn string
function _M.told(bundle, pointer, is_beyond)
  local names = declared(bundle)
  local steps = {}
  for step in pointer:gmatch("/([^/]*)") do
    steps[#steps + 1] = step
  end
  for i, step in ipairs(steps) do
    local name = unescaped(step)
    local may_be_told = is_beyond and i == #steps and is_chosen(name)
    if not names[name] and not may_be_told then
      steps[i] = "*"
    end
  end
  local place = #steps > 0 and "/" .. table.concat(steps, "/") or ""
  if #place > LONGEST then
    -- Its end names what leaked; a report of longer ones would be refused.
    local from = place:find("/", #place - LONGEST, true) or #place
    return "/..." .. place:sub(from)
  end
  return place
end

--- A media type, if it looks like one.
function _M.media_type(field)
  local essence = field:lower():match("^%s*([^;]*)"):gsub("%s+$", "")
  if #essence <= MOST_LETTERS and essence:find("^[%l%d.+*-]+/[%l%d.+*-]+$") then
    return essence
  end
  return "*"
end

return _M
