--- What a contract lets leave of an answer, by its status and media type.
local _M = {}

local find, gsub = string.find, string.gsub
local lower, match = string.lower, string.match

-- Media types are an upstream's words: so many are remembered of a status.
-- Longer ones are not remembered.
local LONGEST = 128
local MOST = 32

local UNKNOWN_STATUS = { is_declared = false, reason = "undeclared-status" }
local UNKNOWN_TYPE = { is_declared = false, reason = "undeclared-media-type" }
local AS_IT_IS = { is_declared = true, passes = true }
local NO_BODY = { is_declared = true, is_bodyless = true }

-- Whether a media type, in small letters without parameters, is JSON.
local function is_json(essence)
  return find(essence, "[/+]json$") ~= nil
end

-- Not modified: HTTP's own answer to who asks so, without a body.
local ALWAYS = { ["304"] = {} }

local function of_status(answers, status)
  return answers[status]
    or answers[status:sub(1, 1) .. "XX"]
    or ALWAYS[status]
    or answers.default
end

local function find_allowance(meaning, status, content_type)
  local types = of_status(meaning.operation.answers, status)
  if not types then
    return UNKNOWN_STATUS
  elseif next(types) == nil then
    return NO_BODY
  elseif content_type == "" then
    -- No body, or one that says nothing about itself.
    return { is_declared = true, is_bodyless = true, is_typed = true }
  end
  local spelled = gsub(lower(content_type), "%s", "")
  local essence = match(spelled, "^[^;,]*")
  local passes = types[spelled]
    or types[essence]
    or types[match(essence, "^[^/]*") .. "/*"]
    or types["*/*"]
  if not passes or essence ~= match(spelled, "^[^;]*") then
    return UNKNOWN_TYPE -- or two in one
  elseif passes == true or not is_json(essence) then
    return AS_IT_IS
  end
  local root = meaning.contract.bundle.roots[passes]
  return { is_declared = true, schema = root.schema }
end

--- What may leave.
-- @tparam table meaning            as forecourt.marks has it
-- @tparam string status
-- @tparam string|nil content_type  the field
-- @treturn table  `is_declared`, or a `reason`; then one of `passes`: the body,
--   as it is; `schema`: of the body what that declares; `is_bodyless`: no body,
--   and `is_typed` where there could be one of some media type
function _M.of(meaning, status, content_type)
  content_type = content_type or ""
  if #content_type > LONGEST then
    return find_allowance(meaning, status, content_type)
  end
  local of_type = meaning.allowances[status]
  if not of_type then
    of_type = { count = 0, found = {} }
    meaning.allowances[status] = of_type
  end
  local found = of_type.found[content_type]
  if not found then
    found = find_allowance(meaning, status, content_type)
    if of_type.count >= MOST then
      of_type.count, of_type.found = 0, {}
    end
    of_type.found[content_type] = found
    of_type.count = of_type.count + 1
  end
  return found
end

return _M
