--- Looks at answers that leave as they are, and notes what a filter would do.
local attention = require("forecourt.attention")
local allowances = require("forecourt.allowances")
local filter = require("forecourt.contract.filter")
local memory = require("forecourt.json.memory")
local noting = require("forecourt.noting")
local reader = require("forecourt.json.reader")

local _M = {}

local lower, pcall = string.lower, pcall

local LIMITS =
  { bytes = memory.BYTES, depth = reader.DEPTH, keys = memory.VALUES }

-- A copy of the body, while it goes on piece by piece; nil where it is larger
-- than anybody would filter.
local function copied(handle)
  local pieces, size = {}, 0
  for piece in handle:bodyChunks() do
    local length = piece:length()
    size = size + length
    if size <= memory.BYTES then
      pieces[#pieces + 1] = piece:getBytes(0, length)
    else
      pieces = {}
    end
  end
  return size <= memory.BYTES and table.concat(pieces) or nil
end

local function look_inside(meaning, status, schema, body)
  local count, broken = reader.read(body, LIMITS)
  if not count then
    return noting.unreadable(meaning, status, broken)
  end
  local bundle = meaning.contract.bundle
  local is_changed, why = filter.filter(bundle, schema, count, #body)
  if is_changed == nil then
    return noting.unreadable(meaning, status, why)
  end
  noting.parts(meaning, status)
end

local function look(handle, headers, meaning, status, is_head, text)
  local content_type = headers:get("content-type")
  local allowed = allowances.of(meaning, status, content_type)
  if allowed.passes then
    return
  elseif not allowed.is_declared then
    return noting.answer(meaning, status, allowed.reason, content_type)
  elseif is_head then
    return
  end
  local encoding = headers:get("content-encoding")
  if encoding and lower(encoding) ~= "identity" then
    return noting.answer(meaning, status, "encoded-answer")
  end
  local body = text or copied(handle)
  if body == nil then
    noting.unreadable(meaning, status, "bytes")
  elseif body == "" then
    return
  elseif allowed.schema then
    look_inside(meaning, status, allowed.schema, body)
  elseif allowed.is_typed then
    noting.answer(meaning, status, "undeclared-media-type", "")
  else
    noting.answer(meaning, status, "undeclared-body")
  end
end

--- Looks at an answer, if there is time to. Whatever comes of it, the answer
-- leaves as it is.
-- @tparam string|nil text  the body, where it was read before
function _M.look(handle, headers, meaning, status, is_head, text)
  if meaning.operation and attention.is_free() then
    pcall(look, handle, headers, meaning, status, is_head, text)
  end
  pcall(noting.tell, handle)
end

return _M
