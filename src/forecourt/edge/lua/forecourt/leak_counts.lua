--- What answers held beyond their contracts, counted in this worker and told
-- to the control plane: where and how often, never what.
local clock = require("forecourt.clock")

local _M = {}

-- So many places are kept of an operation, and altogether; of others only how
-- many there were.
local MOST_OF_OPERATION = 200
local MOST = 2000
local INTERVAL = 1 -- seconds between two reports
local TIMEOUT = 1000 -- milliseconds
local CLUSTER = "forecourt-control"

local counts, total, sizes = {}, 0, {}
local has_any = false
local next_report = 0

local function encoded(text)
  return (text:gsub("[^%w/{}_.*$+-]", function(byte)
    return ("%%%02X"):format(byte:byte())
  end))
end

local function key_of(meaning, status, kind, place)
  return ("%s %s %s %s %s %s %s"):format(
    meaning.check,
    encoded(meaning.api),
    encoded(meaning.version),
    encoded(meaning.operation.name),
    status,
    kind,
    encoded(place)
  )
end

--- Counts one thing of one answer.
-- @tparam table meaning  as forecourt.marks has it
-- @tparam string status  the answer's
-- @tparam string kind    as forecourt.actions.leak names it
-- @tparam string place   where, as forecourt.leak_places tells it
function _M.count(meaning, status, kind, place)
  local key = key_of(meaning, status, kind, place)
  if not counts[key] then
    local size = sizes[meaning.operation] or 0
    if size >= MOST_OF_OPERATION or total >= MOST then
      key = key_of(meaning, "-", "more", "")
    else
      sizes[meaning.operation] = size + 1
      total = total + 1
    end
  end
  counts[key] = (counts[key] or 0) + 1
  has_any = true
end

local function report()
  local lines = {}
  for key, times in pairs(counts) do
    lines[#lines + 1] = ("%s %d\n"):format(key, times)
  end
  counts, total, sizes, has_any = {}, 0, {}, false
  return table.concat(lines)
end

--- Tells what was counted, if there is anything and it is time to. Nobody waits
-- for the answer; what does not arrive is not told again.
function _M.tell(handle)
  if not has_any then
    return
  end
  local now = clock.monotonic()
  if now < next_report then
    return
  end
  next_report = now + INTERVAL
  handle:httpCall(CLUSTER, {
    [":method"] = "POST",
    [":path"] = "/leaks",
    [":authority"] = "control",
  }, report(), TIMEOUT, true)
end

return _M
