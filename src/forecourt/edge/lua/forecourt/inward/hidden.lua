--- What is hidden from who sends a request. It is judged as what nobody has
-- named, so that nobody learns of it, and then it goes no further: taken out of
-- what can be cut. In what cannot (forms, parameters) it is refused, and so is
-- all that nobody names beside it.
local filter = require("forecourt.contract.filter")
local pairs_of = require("forecourt.inward.pairs")
local percent = require("forecourt.inward.percent")
local reader = require("forecourt.json.reader")

local concat = table.concat
local find, match, sub = string.find, string.match, string.sub

local _M = {}

--- JSON without what is hidden in it.
-- @tparam table bundle
-- @tparam table root     one that hides something
-- @tparam string text    was read and judged
-- @tparam table limits
-- @treturn string|nil    nil: it would take too long, or nobody could read it
-- @treturn boolean       whether anything was taken out
function _M.taken_out(bundle, root, text, limits)
  local count = reader.read(text, limits)
  if not count then
    return nil
  end
  local is_changed, rest =
    filter.without_hidden(bundle, root.schema, count, #text)
  if is_changed == nil then
    return nil
  end
  return is_changed and rest or text, is_changed
end

--- What must not be there of a value that cannot be cut.
-- @treturn table|nil  faults, as forecourt.contract.faults has them; nil: none
function _M.faults(bundle, root, text, limits)
  local count = reader.read(text, limits)
  local places = count and filter.unnamed(bundle, root.schema, count)
  if not places then
    return { { pointer = "", rule = "complexity" } }
  end
  local found = {}
  for i, place in ipairs(places) do
    found[i] = { pointer = place, rule = "undeclared" }
  end
  return found[1] and found
end

--- Whether a name of a query is hidden, itself or in brackets.
function _M.is_hidden(hidden, name)
  return hidden ~= nil and hidden[match(name, "^[^%[]*")] ~= nil
end

-- The pairs of a text that are not hidden.
local function rest_of(text, after, separator, name_of, hidden)
  local kept, i = {}, 1
  while i <= #text do
    local name, _, following = after(text, i)
    if not _M.is_hidden(hidden, name_of(name)) then
      kept[#kept + 1] = sub(text, i, following - 2)
    end
    i = following
  end
  return concat(kept, separator)
end

local function decoded(name)
  return percent.decode(name, true) or ""
end

local function as_it_is(name)
  return name
end

--- Takes pairs out of the query of a request.
function _M.leave_query(headers, hidden)
  local path = headers:get(":path")
  local question = find(path, "?", 1, true)
  local rest =
    rest_of(sub(path, question + 1), pairs_of.after, "&", decoded, hidden)
  local mark = rest == "" and "" or "?"
  headers:replace(":path", sub(path, 1, question - 1) .. mark .. rest)
end

--- Takes cookies out of a request.
-- @tparam string text  all of them
function _M.leave_cookies(headers, text, hidden)
  local rest = rest_of(text, pairs_of.cookie_after, ";", as_it_is, hidden)
  headers:remove("cookie")
  if rest ~= "" then
    headers:add("cookie", (rest:gsub("^[ \t]+", "")))
  end
end

return _M
