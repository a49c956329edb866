--- Lowers an answer of the version that the service speaks to the version that
-- its caller uses, version by version.
local bodies = require("forecourt.lens.bodies")
local locations = require("forecourt.lens.locations")
local memory = require("forecourt.json.memory")
local moves = require("forecourt.lens.moves")
local media_types = require("forecourt.inward.media_types")
local pointers = require("forecourt.lens.pointers")
local problems = require("forecourt.lens.problems")
local program = require("forecourt.lens.program")
local reader = require("forecourt.json.reader")
local find, lower, match, sub =
  string.find, string.lower, string.match, string.sub

local _M = {}

local LIMITS =
  { bytes = memory.BYTES, depth = reader.DEPTH, keys = memory.VALUES }

local DONE = "The request was carried out, and must not be sent again: what"
  .. " came of it has no equal in this version of the API."

local function program_of(hop, status)
  local answers = hop.answers
  return answers
    and (
      answers[status]
      or answers[sub(status, 1, 1) .. "XX"]
      or answers.default
    )
end

-- Whether an answer is a good one of which no version says what it is: some of
-- its operation are lowered, so it may be one that would have to be.
local function is_unknown(lens, status)
  if sub(status, 1, 1) ~= "2" then
    return false
  end
  for i = 1, #lens.hops do
    local hop = lens.hops[i]
    local plain = hop.plain
    if
      plain
      and not program_of(hop, status)
      and not (plain[status] or plain["2XX"])
    then
      return true
    end
  end
  return false
end

-- Whether the body of an answer has a program, so that it is to be JSON.
local function is_lowered(lens, status)
  for i = 1, #lens.hops do
    if program_of(lens.hops[i], status) then
      return true
    end
  end
  return false
end

local function concerns(lens, status)
  if status >= "400" then
    return true
  end
  for i = 1, #lens.hops do
    if lens.hops[i].answer_moves then
      return true
    end
  end
  return is_lowered(lens, status) or is_unknown(lens, status)
end

local function size_of(handle)
  local body = handle:body()
  return body and body:length() or 0, body
end

-- What cannot be said, at its place in the caller's version: the hops from
-- `at` on were not done yet.
local function lost(lens, status, fault)
  fault.where = "answer"
  local path = fault.pointer and pointers.path(fault.pointer)
  if path then
    for i = #lens.hops, 1, -1 do
      local given = program_of(lens.hops[i], status)
      if given then
        pointers.after(given, path)
      end
    end
    fault.pointer = pointers.pointer(path)
  end
  local more = { faults = { fault } }
  if status < "400" and not find(lens.name, "^GET ") then
    more.detail, more.done = DONE, true
  end
  return "answer-not-representable", more
end

local function lower_by(lens, hop, status, message)
  local given = program_of(hop, status)
  if given and not program.apply(given, message.body) then
    return lost(lens, status, bodies.lost())
  end
  local wrong = moves.apply(hop.answer_moves, message)
  if wrong then
    return lost(lens, status, wrong)
  end
  return nil
end

local function lower_body(handle, headers, lens, status, body, size)
  local slot = bodies.read(body:getBytes(0, size), LIMITS)
  if not slot then
    return "unreadable-answer"
  end
  local message = { headers = headers, body = slot }
  if status >= "400" then
    problems.say(lens, slot)
  end
  for i = #lens.hops, 1, -1 do
    local why, more = lower_by(lens, lens.hops[i], status, message)
    if why then
      return why, more
    end
  end
  local text = bodies.text(slot, LIMITS)
  if not text then
    return "unreadable-answer"
  end
  return nil, nil, text
end

-- Media types are an upstream's words: so many are remembered.
local MOST, LONGEST = 64, 128
local known, known_count = {}, 0

local function is_json(sent)
  local is_known = known[sent]
  if is_known ~= nil then
    return is_known
  end
  local essence = match(lower(sent), "^%s*([^;,%s]*)")
  local is = essence ~= nil and media_types.is_json(essence)
  if known_count < MOST and #sent <= LONGEST then
    known[sent], known_count = is, known_count + 1
  end
  return is
end

--- Lowers it. What becomes of its body is the caller's to write.
-- @tparam table meaning    of the mark (forecourt.marks), with its lens
-- @tparam string status
-- @tparam boolean is_head  whether it may have no body
-- @treturn string|nil      why it must not leave: "encoded-answer",
--   "undeclared-status", "undeclared-media-type", "answer-not-representable" or
--   "unreadable-answer"
-- @treturn table|nil       what the problem says besides
-- @treturn string|nil      the body as it is now, where it was read
function _M.lower(handle, headers, meaning, status, is_head)
  local lens = meaning.lens
  locations.say(handle, headers, meaning.lenses)
  if not concerns(lens, status) then
    return nil
  elseif is_head then
    headers:remove("content-length") -- of what is not yet lowered
    return nil
  end
  local sent, unknown = headers:get("content-type"), is_unknown(lens, status)
  if not unknown and (not sent or not is_json(sent)) then
    return is_lowered(lens, status)
        and size_of(handle) > 0
        and "undeclared-media-type"
      or nil
  end
  local coding = headers:get("content-encoding")
  if coding and lower(coding) ~= "identity" then
    return "encoded-answer"
  end
  local size, body = size_of(handle)
  if size == 0 then
    return nil
  elseif unknown then
    return "undeclared-status"
  end
  headers = handle:headers() -- to wait ends those from before
  return lower_body(handle, headers, lens, status, body, size)
end

return _M
