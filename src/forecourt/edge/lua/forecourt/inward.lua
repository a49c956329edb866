--- Holds what comes in to the contract: parameters, then the body. Parameters
-- are looked at before a byte of the body is waited for.
local retry_after = require("forecourt.limits").retry_after
local bodies = require("forecourt.inward.bodies")
local hidden = require("forecourt.inward.hidden")
local limits_of = require("forecourt.inward.limits").of
local media_types = require("forecourt.inward.media_types")
local of_the_whole = require("forecourt.whole")
local parameters = require("forecourt.inward.parameters")

local lower, tonumber = string.lower, tonumber

local _M = {}

-- Judges what the edge cannot: function(handle, contract, root's name, JSON,
-- caller's slot) -> true | false, faults | nil, reason, seconds to wait.
local elsewhere = function()
  return nil
end

-- Nobody judged, and perhaps somebody would later.
local function unjudged(reason, wait)
  local fields = wait and { ["retry-after"] = retry_after(wait) }
  return reason or "cannot-judge", fields and { fields = fields }
end

--- Says who judges what the edge cannot judge exactly.
function _M.ask(somebody)
  elsewhere = somebody
end

--- Waits for a body that may have to be judged, or does not say how large it
-- is. While others are asked Envoy takes in what comes of it, and gives it to
-- nobody afterwards: so this stands before. Ends the headers that were read
-- before.
-- @tparam number most  one that says it is larger is refused in any case
function _M.hold(handle, most)
  local headers = handle:headers()
  local length = headers:get("content-length")
  local sent = headers:get("content-type")
  if
    not length
    or (
      sent
      and tonumber(length) <= most
      and media_types.may_be_judged(sent)
    )
  then
    handle:body()
  end
end

-- What waits for others: each way in which a value may be taken, until one will
-- do. Nobody to judge is no answer, so the request is refused.
local function judged_elsewhere(handle, judging, waiting, slot)
  local texts, why = parameters.texts(judging, waiting)
  if not texts then
    return false, { { pointer = "", rule = why } }
  end
  local root, first = waiting[2].root, nil
  local bundle = judging.contract.bundle
  for i = 1, #texts do
    local keeps, wrong, wait =
      elsewhere(handle, judging.contract, root, texts[i], slot)
    if keeps == nil then
      return nil, wrong, wait
    end
    if keeps and bundle.roots[root].hides then
      wrong =
        hidden.faults(bundle, bundle.roots[root], texts[i], judging.limits)
      keeps = wrong == nil
    end
    if keeps then
      return true
    end
    first = first or wrong
  end
  return false, first
end

--- Judges path, query, header and cookies. To ask others ends the headers that
-- were read before.
-- @tparam userdata handle
-- @tparam userdata headers
-- @tparam table contract   the way in (forecourt.contracts)
-- @tparam number number    of the operation
-- @tparam table values     what each parameter of the path took, still encoded
-- @tparam table caller     the policy for callers of that audience
-- @tparam number slot      the caller's entitlement
-- @treturn string|nil      why not: "parameters-invalid" or "cannot-judge"
-- @treturn table|nil       `faults`: where, name, pointer, rule, expected
function _M.parameters(handle, headers, contract, number, values, caller, slot)
  local operation = contract.operations[number]
  local judging = {
    contract = contract,
    operation = operation,
    limits = limits_of(caller),
    refuses_unknown = caller.unknown_parameters == "refuse",
    found = {},
    later = {},
  }
  parameters.judge(judging, headers, headers:get(":path"), values)
  if judging.later[1] and not judging.found[1] then
    _M.hold(handle, caller.body_bytes)
    for _, waiting in ipairs(judging.later) do
      local keeps, wrong, wait =
        judged_elsewhere(handle, judging, waiting, slot)
      if keeps == nil then
        return unjudged(wrong, wait)
      elseif not keeps then
        parameters.blame_all(judging, waiting[1], waiting[2], wrong)
      end
    end
  end
  if judging.found[1] then
    return "parameters-invalid", {
      faults = judging.found,
    }
  elseif caller.request_check == "enforce" then
    parameters.take_out(judging, handle)
  end
  return nil
end

-- The body of a request, as a text: nil where there is none. To wait for it
-- ends the headers that were read before.
local function whole(handle)
  local body = handle:body()
  local size = body and body:length() or 0
  return size > 0 and body:getBytes(0, size) or nil
end

-- How large the body of a request is. What does not say so is waited for: it
-- is held back as a whole in any case (compiler/envoy/filters.py).
local function size_of(handle, headers)
  local length = headers:get("content-length")
  if length then
    return tonumber(length)
  end
  local text = whole(handle)
  return text and #text or 0
end

local function missing()
  return "body-missing", { faults = bodies.MISSING }
end

-- A body that nobody said how to read.
local function undeclared(handle, headers, body, caller)
  local method = headers:get(":method")
  local size = size_of(handle, headers)
  if size > caller.body_bytes then
    return "body-too-large"
  elseif size > 0 then
    return "media-type-not-supported", {
      fields = bodies.accepted(body, method),
    }
  elseif body.required then
    return missing()
  end
  return nil
end

local function is_coded(headers)
  local coding = headers:get("content-encoding")
  return coding ~= nil and lower(coding) ~= "identity"
end

-- What others say of a body: one of the ways in which it may be taken will do.
local function judge_elsewhere(handle, judging, chosen, waiting, slot)
  local first
  local root = judging.contract.bundle.roots[chosen.content.root]
  for _, one in ipairs(waiting) do
    local keeps, wrong, wait =
      elsewhere(handle, judging.contract, chosen.content.root, one.json, slot)
    if keeps == nil then
      return unjudged(wrong, wait)
    end
    local left = keeps and {} or bodies.left_of(wrong, one.opaque)
    if not left[1] then
      if chosen.way == "json" then
        return nil
      end
      local reason, faults = bodies.judge_hidden(one.json, judging, root)
      return reason, faults and { faults = faults }
    end
    first = first or left
  end
  return "body-invalid", { faults = first }
end

-- What of a body was declared goes on without what is hidden.
local function take_out(handle, judging, root, text)
  local bundle = judging.contract.bundle
  local rest, is_changed =
    hidden.taken_out(bundle, root, text, judging.limits)
  if not rest then
    return "body-unparseable", { faults = bodies.COMPLEX }
  elseif not is_changed then
    return nil, nil, text
  end
  handle:body():setBytes(rest)
  of_the_whole.forget(handle:headers())
  handle:headers():replace("content-length", tostring(#rest))
  return nil, nil, rest
end

local function judge(handle, contract, operation, caller, slot, chosen)
  local text = whole(handle)
  if not text then
    if operation.body.required then
      return missing()
    end
    return nil
  end
  local limits = limits_of(caller)
  if #text > limits.bytes then
    return "body-too-large"
  end
  local judging =
    { contract = contract, operation = operation, limits = limits }
  local reason, about = bodies.judge(text, judging, chosen)
  if reason == "elsewhere" then
    reason, about = judge_elsewhere(handle, judging, chosen, about, slot)
  elseif about then
    about = { faults = about }
  end
  local root = chosen.content.root
    and contract.bundle.roots[chosen.content.root]
  if
    not reason
    and root
    and root.hides
    and chosen.way == "json"
    and caller.request_check == "enforce"
  then
    return take_out(handle, judging, root, text)
  end
  return reason, about, chosen.way == "json" and text or nil
end

--- Judges the body. Headers that were read before are of no use after it.
-- @treturn string|nil  why not: "body-unexpected", "body-missing",
--   "media-type-not-supported", "body-too-large", "body-unparseable",
--   "body-invalid" or "cannot-judge"
-- @treturn table|nil   `faults`; `fields` of the answer
function _M.body(handle, headers, contract, number, caller, slot)
  local operation = contract.operations[number]
  local body = operation.body
  if not body then
    local size = size_of(handle, headers)
    if size > caller.body_bytes then
      return "body-too-large"
    end
    return size > 0 and "body-unexpected" or nil
  end
  local sent = headers:get("content-type")
  local chosen = sent and media_types.chosen(body, sent)
  if not chosen then
    return undeclared(handle, headers, body, caller)
  elseif chosen.way == "other" then
    local size = size_of(handle, headers)
    if size > caller.body_bytes then
      return "body-too-large"
    elseif size == 0 and body.required then
      return missing()
    end
    return nil
  elseif is_coded(headers) then
    return "media-type-not-supported",
      { fields = { ["accept-encoding"] = "identity" } }
  end
  return judge(handle, contract, operation, caller, slot, chosen)
end

--- Judges all of it; in observe mode it is only said what would be refused. The
-- headers that were read before may be of no use after it.
-- @treturn string|nil  why not, as above
-- @treturn table|nil   what the refusal says besides: `faults`, `fields`
-- @treturn string|nil  the body as it goes on, where it is JSON that was judged
function _M.check(handle, headers, contract, number, values, caller, slot)
  local text
  local reason, about =
    _M.parameters(handle, headers, contract, number, values, caller, slot)
  if not reason then
    headers = handle:headers()
    reason, about, text =
      _M.body(handle, headers, contract, number, caller, slot)
  end
  if reason and caller.request_check == "observe" then
    handle:headers():replace("forecourt-reason", "observed " .. reason)
    return nil
  end
  return reason, about, text
end

return _M
