--- Whether the body of a request is what its operation declares.
local forms = require("forecourt.inward.forms")
local hidden = require("forecourt.inward.hidden")
local media_types = require("forecourt.inward.media_types")
local memory = require("forecourt.json.memory")
local multipart = require("forecourt.inward.multipart")
local parts = require("forecourt.inward.parts")
local styles = require("forecourt.inward.styles")
local verdicts = require("forecourt.inward.verdicts")

local _M = {}

-- No more faults are told.
local MOST_FAULTS = require("forecourt.contract.faults").MOST

-- A body of more parts is not cut.
local MOST_PARTS = 256

-- Reasons for which a text is no JSON that we read -> what was expected.
local EXPECTED = {
  empty = "JSON",
  utf8 = "UTF-8",
  multipart = "RFC 7578",
  separator = "%3B",
}
-- Reasons that are a measure, by the limit that was passed.
local MEASURES = { bytes = true, depth = true, keys = true }

local function told(fault)
  return {
    where = "body",
    pointer = fault.pointer,
    rule = fault.rule,
    expected = fault.expected,
    byte = fault.byte,
  }
end

local function all_told(wrong)
  local faults = {}
  for i, fault in ipairs(wrong) do
    faults[i] = told(fault)
  end
  return faults
end

local function unreadable(rule, limits, byte, pointer)
  if rule == "bytes" then
    return "body-too-large"
  end
  local expected = EXPECTED[rule]
  if MEASURES[rule] then
    expected = tostring(limits[rule])
  elseif rule == "parts" then
    expected = tostring(MOST_PARTS)
  end
  return "body-unparseable",
    {
      told({
        pointer = pointer or "",
        rule = rule,
        expected = expected,
        byte = byte,
      }),
    }
end

local COMPLEX = { told({ pointer = "", rule = "complexity" }) }

-- What is left of some faults where those of values that say nothing go. Of so
-- many that there may be more nobody knows what the others are.
local function without(faults, opaque)
  local left = {}
  for _, fault in ipairs(faults) do
    if not opaque[fault.pointer] then
      left[#left + 1] = fault
    end
  end
  if not left[1] and #faults >= MOST_FAULTS then
    return COMPLEX
  end
  return left
end

local NOTHING = {}

-- What is wrong with a value of a schema that it keeps: what is hidden in it,
-- where it cannot be taken out.
local function judge_hidden(json, judging, root)
  if not root or not root.hides then
    return nil
  end
  local found =
    hidden.faults(judging.contract.bundle, root, json, judging.limits)
  if found then
    return "body-invalid", all_told(found)
  end
  return nil
end

-- Each gives what is wrong, "elsewhere" with what only others can judge (each
-- way in which it may be taken: `json`, and `opaque`, the pointers of what says
-- nothing), or nothing.
local ways = {}

function ways.json(text, judging, _, root)
  local limits, bundle = judging.limits, judging.contract.bundle
  if root and root.inexact then
    local _, wrong, why = verdicts.json(nil, nil, text, limits)
    if why then
      return unreadable(why, limits, wrong[1].byte)
    end
    return "elsewhere", { { json = text, opaque = NOTHING } }
  end
  local keeps, wrong, why =
    verdicts.json(root and bundle, root and root.schema, text, limits)
  if keeps then
    return nil
  elseif why then
    return unreadable(why, limits, wrong[1].byte)
  end
  return "body-invalid", all_told(wrong)
end

function ways.form(text, judging, chosen, root)
  local content, limits = chosen.content, judging.limits
  local given, broken = forms.read(text, content, limits)
  if not given then
    return unreadable(broken, limits)
  end
  local readings = judging.operation.readings
  local first, faults
  local later = {}
  styles.begin()
  for way = 1, styles.WAYS do
    if styles.may_differ(way) then
      local json, why, name = forms.json(given, readings, limits, way)
      local reason, said
      if json then
        reason, said = ways.json(json, judging, chosen, root)
      else
        local pointer = name and parts.pointer_of(name)
        reason, said = unreadable(why, limits, nil, pointer)
      end
      if not reason then
        return judge_hidden(json, judging, root)
      elseif reason == "elsewhere" then
        later[#later + 1] = said[1]
      elseif not first then
        first, faults = reason, said
      end
    end
  end
  if later[1] then
    return "elsewhere", later
  end
  return first, faults
end

function ways.multipart(text, judging, chosen, root)
  local content, limits = chosen.content, judging.limits
  if not multipart.is_boundary(chosen.boundary) then
    return unreadable("multipart", limits)
  end
  local cut, why = multipart.parts(text, chosen.boundary, MOST_PARTS)
  if not cut then
    return unreadable(why, limits)
  end
  local readings = judging.operation.readings
  local reason, faults
  local later = {}
  styles.begin()
  for way = 1, 2 do
    if styles.may_differ(way) then
      local json, opaque =
        parts.json(cut, content, readings, limits, way == 2)
      if not json then
        return "body-unparseable", { told(opaque) }
      end
      local broken, said = ways.json(json, judging, chosen, root)
      if broken == "body-invalid" then
        said = without(said, opaque)
        broken = said[1] and broken or nil
      end
      if not broken then
        return judge_hidden(json, judging, root)
      elseif broken == "elsewhere" then
        later[#later + 1] = { json = json, opaque = opaque }
      elseif not reason then
        reason, faults = broken, said
      end
    end
  end
  if later[1] then
    return "elsewhere", later
  end
  return reason, faults
end

--- Judges a body that is there.
-- @tparam string text
-- @tparam table judging  contract, operation, limits (of forecourt.json.reader)
-- @tparam table chosen   of forecourt.inward.media_types, its way not "other"
-- @treturn string|nil    "body-too-large", "body-unparseable", "body-invalid";
--   or "elsewhere": only others can judge it
-- @treturn table|nil     the faults; for "elsewhere" what they judge, one of
--   which will do: `json`, and `opaque`
function _M.judge(text, judging, chosen)
  local name = chosen.content.root
  local root = name and judging.contract.bundle.roots[name]
  if chosen.way ~= "json" then
    -- Their JSON is ours, and longer than what came.
    local limits = judging.limits
    judging.limits = {
      bytes = memory.BYTES,
      depth = limits.depth,
      keys = limits.keys,
    }
  end
  return ways[chosen.way](text, judging, chosen, root)
end

--- What is wrong where it would take too long to say.
_M.COMPLEX = COMPLEX

--- What is wrong where a body is missing.
_M.MISSING = { { where = "body", pointer = "", rule = "required" } }

--- What is wrong where others found something wrong.
-- @tparam table wrong
-- @tparam table opaque  pointers of values of which nothing is asked
function _M.left_of(wrong, opaque)
  return all_told(without(wrong, opaque))
end

--- The same as others that could not be cut, of what they judged.
_M.judge_hidden = judge_hidden

--- What a refusal of a body's media type says of those that are accepted
-- (RFC 9110, section 15.5.16; Accept-Post: W3C LDP; Accept-Patch: RFC 5789).
function _M.accepted(body, method)
  local listed = media_types.listed(body)
  local fields = { accept = listed }
  if method == "POST" or method == "PATCH" then
    fields["accept-" .. method:lower()] = listed
  end
  return fields
end

return _M
