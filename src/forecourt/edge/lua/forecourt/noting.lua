--- What is noted of answers that hold more than their contracts declare, or
-- something else. Of tests nothing is: the mock answered them, and no service.
local attention = require("forecourt.attention")
local leak_counts = require("forecourt.leak_counts")
local leak_places = require("forecourt.leak_places")
local leaks = require("forecourt.contract.leaks")

local _M = {}

local count = leak_counts.count

local function each(meaning, status, kind, places, is_beyond)
  local bundle, seen = meaning.contract.bundle, {}
  for i = 1, #places do
    local place = leak_places.told(bundle, places[i], is_beyond)
    if not seen[place] then
      seen[place] = true
      count(meaning, status, kind, place)
    end
  end
end

local function note_parts(meaning, status)
  if leaks.removed_count > 0 then
    each(meaning, status, "undeclared", leaks.removed(), true)
  end
  if leaks.mismatched_count > 0 then
    each(meaning, status, "mismatched", leaks.mismatched(), false)
  end
end

--- Notes what was just removed from a body, or is not what the contract says.
function _M.parts(meaning, status)
  if meaning.is_test then
    return
  end
  if leaks.removed_count + leaks.mismatched_count > 0 then
    if meaning.check == "observe" or attention.is_free() then
      note_parts(meaning, status)
    end
  end
end

--- Notes an answer that may not leave as it is.
-- @tparam string reason  "undeclared-status", "undeclared-media-type",
--   "undeclared-body" or "encoded-answer"
-- @tparam string|nil content_type
function _M.answer(meaning, status, reason, content_type)
  if meaning.is_test then
    return
  end
  local place = ""
  if reason == "undeclared-media-type" then
    place = leak_places.media_type(content_type or "")
  end
  count(meaning, status, reason, place)
end

--- Notes a body that cannot be filtered, and why.
-- @tparam string broken  as forecourt.json.reader or contract.filter says it
function _M.unreadable(meaning, status, broken)
  if meaning.is_test then
    return
  end
  count(meaning, status, "unreadable-answer", broken)
end

--- Tells the control plane, if it is time to.
function _M.tell(handle)
  leak_counts.tell(handle)
end

return _M
