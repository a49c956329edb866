--- The way out: an answer is lowered to the version of its caller, and of it
-- leaves what the contract of its operation declares for that caller. Where
-- that cannot be done, a problem leaves.
local allowances = require("forecourt.allowances")
local faults = require("forecourt.faults")
local filter = require("forecourt.contract.filter")
local lowering = require("forecourt.lowering")
local marks = require("forecourt.marks")
local memory = require("forecourt.json.memory")
local noting = require("forecourt.noting")
local observing = require("forecourt.observing")
local reader = require("forecourt.json.reader")
local replacing = require("forecourt.replacing")
local whole = require("forecourt.whole")

local _M = {}

local lower = string.lower

-- As large as the reader takes them; Envoy holds back no more than that either
-- (forecourt.compiler.envoy.answers).
local LIMITS =
  { bytes = memory.BYTES, depth = reader.DEPTH, keys = memory.VALUES }

-- Where the route writes the mark: to read it there takes half the time that it
-- takes to read it where the way in left it (forecourt.compiler.envoy.answers).
local MARK = "forecourt-mark"

-- Refusals that no upstream wrote: the mock's, and Envoy's own of a body that
-- is too large or too slow.
local function is_ours(handle, metadata)
  local admission = metadata:get("envoy.filters.http.rbac")
  return not admission
    or admission.enforced_engine_result ~= "allowed"
    or faults.is_of_mock(handle)
end

-- Refusals stay refusals, whatever they say; anything else is a fault.
local function refuse(handle, meaning, status, reason, may_write, more)
  local is_refusal = status >= "400" and status < "500"
  replacing.replace(
    handle,
    reason,
    is_refusal and status or "502",
    may_write,
    meaning.is_detailed,
    more
  )
end

-- The body of an answer that may have none.
local function drop(handle, body)
  body:setBytes("")
  local headers = handle:headers()
  whole.forget(headers)
  headers:remove("content-type")
  headers:replace("content-length", "0")
end

-- Lets of a body leave what is declared.
-- @treturn string|nil  why nothing may
local function cut(handle, meaning, status, schema, body, text)
  local bundle = meaning.contract.bundle
  local count, broken = reader.read(text, LIMITS)
  if not count then
    noting.unreadable(meaning, status, broken)
    return "unreadable-answer"
  end
  local is_changed, result = filter.filter(bundle, schema, count, #text)
  if is_changed == nil then
    noting.unreadable(meaning, status, result)
    return "unreadable-answer"
  end
  noting.parts(meaning, status)
  if is_changed then
    body:setBytes(result)
    local headers = handle:headers()
    whole.forget(headers)
    headers:replace("content-length", tostring(#result))
  end
  return nil
end

-- Judges what an answer says of itself; then its body, where it has one: `text`
-- where it was lowered.
-- @treturn string|nil   why it may not leave
-- @treturn boolean|nil  whether the answer has ended: its body was waited for
local function judge(handle, headers, meaning, status, is_head, text)
  local content_type = headers:get("content-type")
  local allowed = allowances.of(meaning, status, content_type)
  if allowed.passes then
    return nil
  elseif not allowed.is_declared then
    noting.answer(meaning, status, allowed.reason, content_type)
    return allowed.reason
  elseif is_head then
    headers:remove("content-length") -- of what would not have left
    return nil
  end
  local encoding = headers:get("content-encoding")
  if encoding and lower(encoding) ~= "identity" then
    noting.answer(meaning, status, "encoded-answer")
    return "encoded-answer"
  end
  local body = handle:body()
  local size = body and body:length() or 0
  if size == 0 then
    return nil, true
  elseif allowed.schema then
    text = text or body:getBytes(0, size)
    return cut(handle, meaning, status, allowed.schema, body, text), true
  elseif allowed.is_typed then
    noting.answer(meaning, status, "undeclared-media-type", "")
    return "undeclared-media-type", true
  end
  noting.answer(meaning, status, "undeclared-body")
  drop(handle, body)
  return nil, true
end

local function hold(handle, headers, meaning, status, is_head, text)
  if not meaning.operation then
    error("the contract of the mark is not there")
  end
  local hidden = meaning.operation.hidden_fields
  for i = 1, hidden and #hidden or 0 do
    headers:remove(hidden[i])
  end
  local reason, has_ended =
    judge(handle, headers, meaning, status, is_head, text)
  if reason then
    refuse(handle, meaning, status, reason, not is_head)
  end
  noting.tell(handle)
  return has_ended
end

-- Lowers an answer to the version that its caller uses.
-- @treturn boolean     whether there is an answer left to be held
-- @treturn string|nil  its body, where it is another now
local function lower_to(handle, headers, meaning, status)
  local is_head = meaning.is_head
  local reason, more, text =
    lowering.lower(handle, headers, meaning, status, is_head)
  if not reason then
    if text then
      handle:body():setBytes(text)
      handle:headers():replace("content-length", tostring(#text))
    end
    return true, text
  end
  if reason == "answer-not-representable" then
    local refused = status < "400" and "406" or status
    local is_detailed = meaning.is_detailed
    replacing.replace(handle, reason, refused, true, is_detailed, more)
  else
    refuse(handle, meaning, status, reason, true, more)
  end
  return false
end

local function hold_to(handle, headers, meaning, status)
  local text
  if meaning.lens then
    local is_left
    is_left, text = lower_to(handle, headers, meaning, status)
    if not is_left then
      return
    end
    headers = handle:headers() -- to wait for a body ends those from before
  end
  if meaning.check == "filter" then
    return hold(handle, headers, meaning, status, meaning.is_head, text)
  elseif meaning.check == "observe" then
    local is_head = meaning.is_head
    return observing.look(handle, headers, meaning, status, is_head, text)
  end
end

--- Holds an answer to its contract. Raises where it cannot: then the answer
-- must be closed (forecourt.closed).
-- @treturn boolean|nil  whether its request has a place (forecourt.places)
-- @treturn boolean|nil  whether it has ended, as far as is known
function _M.hold(handle)
  local headers = handle:headers()
  local status, mark = headers:get(":status"), headers:get(MARK)
  if mark then
    headers:remove(MARK)
    if status < "400" then
      local meaning = marks.meaning(mark)
      local has_ended = hold_to(handle, headers, meaning, status)
      return meaning.has_place, has_ended
    end
  end
  -- A refusal may be the edge's own. What the way in left tells that; to look
  -- at it takes longer.
  local metadata = handle:streamInfo():dynamicMetadata()
  local ours = metadata:get("forecourt")
  local has_place = ours and ours.place ~= nil
  if ours and ours.replied then
    return has_place
  elseif status >= "500" then
    faults.hide(handle)
    return has_place
  end
  mark = mark or ours and ours.admit
  if mark and (status < "400" or not is_ours(handle, metadata)) then
    hold_to(handle, headers, marks.meaning(mark), status)
  end
  return has_place
end

return _M
