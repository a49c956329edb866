--- Whether the parameters of a request are what its operation declares.
local brackets = require("forecourt.inward.brackets")
local hidden = require("forecourt.inward.hidden")
local pairs_of = require("forecourt.inward.pairs")
local percent = require("forecourt.inward.percent")
local styles = require("forecourt.inward.styles")
local verdicts = require("forecourt.inward.verdicts")

local after, cookie_after = pairs_of.after, pairs_of.cookie_after
local decode = percent.decode
local scalar = verdicts.scalar
local find, match, sub = string.find, string.match, string.sub

local _M = {}

local NOTHING = {}

-- So many faults are told of one request.
local MOST = require("forecourt.contract.faults").MOST

-- How the values of each location are encoded. Fields of the header are not:
-- OpenAPI 3.1.1, appendix D.
local CODING = {
  path = {},
  query = { is_form = true },
  header = { is_plain = true },
  cookie = {},
}

local function blame(judging, location, name, rule, expected, pointer)
  local found = judging.found
  if #found >= MOST then
    judging.has_more = true
    return
  end
  found[#found + 1] = {
    where = location,
    name = name,
    pointer = pointer ~= "" and pointer or nil,
    rule = rule,
    expected = expected,
  }
end

local function blame_all(judging, location, field, wrong)
  for _, fault in ipairs(wrong) do
    local pointer = fault.pointer
    blame(judging, location, field.name, fault.rule, fault.expected, pointer)
  end
end

-- The root that judges a field: nil where any value will do.
local function root_of(judging, field)
  return field.root and judging.contract.bundle.roots[field.root]
end

-- What only others can judge waits until all else was looked at: to ask takes
-- time, and ends what was read of the request.
local function leave(judging, location, field, text)
  local later = judging.later
  later[#later + 1] = { location, field, text }
end

local function judge_single(judging, location, field, raw)
  local text
  if location == "header" then
    text = match(raw, "^[ \t]*(.-)[ \t]*$")
  else
    text = decode(raw, location == "query")
  end
  local root = root_of(judging, field)
  if not text then
    blame_all(judging, location, field, verdicts.ENCODING)
  elseif not root then
    if not verdicts.is_text(text) then
      blame_all(judging, location, field, verdicts.ENCODING)
    end
  elseif root.inexact then
    leave(judging, location, field, { raw })
  else
    local bundle = judging.contract.bundle
    local keeps, wrong = scalar(bundle, root.schema, text, field.value)
    if not keeps then
      blame_all(judging, location, field, wrong)
    end
  end
end

-- Tries each way in which a value may be taken.
local function judge_styled(judging, location, field, given)
  local root = root_of(judging, field)
  if root and root.inexact then
    return leave(judging, location, field, given)
  end
  local readings = judging.operation.readings or NOTHING
  local bundle, first = judging.contract.bundle, nil
  local coding = CODING[location]
  styles.begin()
  for way = 1, styles.WAYS do
    if styles.may_differ(way) then
      local text, why = styles.json(given, field, readings, coding, way)
      local keeps, wrong = false, { { pointer = "", rule = why } }
      if text then
        local schema = root and root.schema
        keeps, wrong =
          verdicts.json(root and bundle, schema, text, judging.limits)
        if keeps and root and root.hides then
          wrong = hidden.faults(bundle, root, text, judging.limits)
          keeps = wrong == nil
        end
      end
      if keeps then
        return
      end
      first = first or wrong
    end
  end
  blame_all(judging, location, field, first)
end

local function judge_field(judging, location, field, given)
  if field.empty and given[1] == "" and not given[2] then
    return
  elseif not field.plain then
    judge_styled(judging, location, field, given)
  elseif given[2] and not field.many then
    blame(judging, location, field.name, "duplicate", "one value")
  else
    for i = 1, #given do
      judge_single(judging, location, field, given[i])
    end
  end
end

local function judge_path(judging, fields, values)
  for i = 1, #fields do
    local field = fields[i]
    if field.plain then
      judge_single(judging, "path", field, values[i])
    else
      judge_styled(judging, "path", field, { values[i] })
    end
  end
end

local function judge_headers(judging, fields, headers)
  for i = 1, #fields do
    local field = fields[i]
    local value = headers:get(field.name)
    if not value then
      if field.required then
        blame(judging, "header", field.name, "required")
      end
    elseif field.plain and not field.many then
      -- Two fields of one name are joined by commas.
      if
        find(value, ",", 1, true)
        and headers:getNumValues(field.name) > 1
      then
        blame(judging, "header", field.name, "duplicate", "one value")
      else
        judge_single(judging, "header", field, value)
      end
    else
      judge_field(judging, "header", field, { value })
    end
  end
end

-- All cookies as one text: HTTP/2 may send a field for each.
local function cookies_of(headers)
  local count = headers:getNumValues("cookie")
  if count < 2 then
    return headers:get("cookie") or ""
  end
  local all = {}
  for i = 1, count do
    all[i] = headers:getAtIndex("cookie", i - 1)
  end
  return table.concat(all, "; ")
end

local function judge_given(judging, location, fields, given, spread)
  for i = 1, #fields do
    local field, own = fields[i], given[i]
    if not own and field.required and i == spread then
      -- An object without members leaves no trace in a query.
      own = { members = NOTHING }
    end
    if own then
      judge_field(judging, location, field, own)
    elseif field.required then
      blame(judging, location, field.name, "required")
    end
  end
end

local function judge_cookies(judging, fields, headers, hidden_names)
  local text, given, i = cookies_of(headers), {}, 1
  while i <= #text do
    local name, raw, following = cookie_after(text, i)
    i = following
    if hidden.is_hidden(hidden_names, name) then
      judging.cookies = text -- they go no further
    end
    for number = 1, #fields do
      if fields[number].name == name then
        local own = given[number] or {}
        given[number] = own
        own[#own + 1] = raw
      end
    end
  end
  judge_given(judging, "cookie", fields, given)
end

local function add(given, index, value)
  local own = given[index]
  if own then
    own[#own + 1] = value
  else
    given[index] = { value }
  end
end

local function add_inside(given, index, kind, entry)
  local own = given[index] or {}
  given[index] = own
  own[kind] = own[kind] or {}
  own[kind][#own[kind] + 1] = entry
end

-- Names of the query that the contract does not have: in brackets, members of
-- a parameter whose members have names of their own, or unknown.
local function take_other(judging, given, name, raw)
  local operation = judging.operation
  local base, steps = brackets.steps(name)
  if operation.hidden and hidden.is_hidden(operation.hidden.query, name) then
    judging.has_hidden_query = true -- it goes no further
  end
  local index = base and operation.names and operation.names[base]
  if index and operation.query[index].brackets then
    return add_inside(given, index, "steps", { steps, raw })
  elseif operation.ignored and operation.ignored[name] then
    return
  elseif operation.spread then
    return add_inside(given, operation.spread, "members", { name, raw })
  elseif judging.refuses_unknown and not operation.open then
    if verdicts.is_text(name) then
      blame(judging, "query", name, "undeclared")
    else
      blame_all(judging, "query", { name = "" }, verdicts.ENCODING)
    end
  end
end

local function judge_query(judging, query)
  local operation = judging.operation
  local names, fields = operation.names, operation.query or NOTHING
  local given, i = {}, 1
  if pairs_of.has_second_separator(query) then
    blame(judging, "query", "", "separator", "%3B")
  end
  while i <= #query do
    local raw_name, raw, following = after(query, i)
    i = following
    if raw_name ~= "" or raw ~= "" then
      local name = decode(raw_name, true)
      local index = name and names and names[name]
      if index and index ~= operation.spread then
        add(given, index, raw)
      elseif name then
        take_other(judging, given, name, raw)
      else
        blame_all(judging, "query", { name = "" }, verdicts.ENCODING)
      end
    end
  end
  judge_given(judging, "query", fields, given, operation.spread)
end

--- Judges them.
-- @tparam table judging    contract (forecourt.contracts), operation (a table
--   of it), limits (of forecourt.json.reader), refuses_unknown; `found` is
--   filled with faults, `later` with what the edge cannot judge: location,
--   field, texts
-- @tparam string path      with its query
-- @tparam table values     what each parameter of the path took, still encoded
function _M.judge(judging, headers, path, values)
  local operation = judging.operation
  if operation.path then
    judge_path(judging, operation.path, values)
  end
  local question = find(path, "?", 1, true)
  if question then
    judge_query(judging, sub(path, question + 1))
  elseif operation.query then
    local fields, spread = operation.query, operation.spread
    judge_given(judging, "query", fields, NOTHING, spread)
  end
  if operation.header then
    judge_headers(judging, operation.header, headers)
  end
  local own = operation.hidden or NOTHING
  for name in pairs(own.header or NOTHING) do
    headers:remove(name) -- as unknown to its callers as any other
  end
  if operation.cookie or own.cookie then
    local fields = operation.cookie or NOTHING
    judge_cookies(judging, fields, headers, own.cookie)
  end
end

--- Takes out of a request what is hidden from its caller, where anything that
-- nobody has named may come.
function _M.take_out(judging, handle)
  local own = judging.operation.hidden
  if judging.has_hidden_query then
    hidden.leave_query(handle:headers(), own.query)
  end
  if judging.cookies then
    hidden.leave_cookies(handle:headers(), judging.cookies, own.cookie)
  end
end

--- A value that waits for others, as JSON.
-- @treturn table|nil   a text for each way in which it may be taken
-- @treturn string|nil  why there is none
function _M.texts(judging, waiting)
  local location, field, given = waiting[1], waiting[2], waiting[3]
  local readings, coding = judging.operation.readings, CODING[location]
  local texts, reason = {}, nil
  styles.begin()
  for way = 1, styles.WAYS do
    if styles.may_differ(way) then
      local text, why =
        styles.json(given, field, readings or NOTHING, coding, way)
      texts[#texts + 1] = text
      reason = reason or why
    end
  end
  return texts[1] and texts, reason
end

_M.blame_all = blame_all

return _M
