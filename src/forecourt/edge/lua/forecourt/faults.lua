--- The way out: what an upstream says of its own faults stays inside.
-- Envoy asks for it only where an answer is no success and no refusal, or its
-- request has a place (forecourt.compiler.envoy.faults); or forecourt.answers
-- does.
local replacing = require("forecourt.replacing")

local _M = {}

local pcall = pcall
local find, gsub = string.find, string.gsub

-- The marks of a caller that may read it (forecourt.admission): alone, or with
-- the contract that its answers are held to.
local DETAILED = "yes detailed"
local DETAILED_AND_HELD = "^yes detailed %l+ %x+ %d+ %S+$"

local function is_detailed(mark)
  if not mark then
    return false
  end
  -- Without what is said of this request alone.
  local plain = gsub(mark, " place$", "")
  plain = gsub(gsub(plain, " head$", ""), " test$", "")
  plain = gsub(plain, " by %x+ %d+$", "")
  return plain == DETAILED or find(plain, DETAILED_AND_HELD) ~= nil
end

-- The field in which the mock says that its contract has nothing to show
-- (forecourt.server.mock).
local PROBLEM_OF_MOCK = "x-forecourt-problem"

--- Whether it is the mock, which says what its contract lacks: no secret. The
-- route says that it is the mock; the field alone anybody may send.
function _M.is_of_mock(handle)
  return handle:headers():get(PROBLEM_OF_MOCK) ~= nil
    and handle:metadata():get("mock") == true
end

-- What a status says by itself, whoever set it: no more than that is told.
local SAYS = {
  ["503"] = { told = "upstream-unavailable" },
  ["504"] = { told = "upstream-timeout" },
}

local function hide(handle)
  local status = handle:headers():get(":status")
  if status < "500" then
    return -- it is here for its place alone
  end
  local ours = handle:streamInfo():dynamicMetadata():get("forecourt")
  local mark = ours and ours.admit
  if _M.is_of_mock(handle) then
    return replacing.log(handle, "no-example")
  end
  if is_detailed(mark) or ours and ours.replied then
    return -- inside, or the gate's own refusal
  end
  if not mark and (status == "500" or status == "503") then
    -- Of what was not admitted, and not refused by us: it holds as much as it
    -- may (forecourt.compiler.envoy.problems).
    replacing.replace(handle, "overloaded", "503", false)
    return handle:headers():replace("retry-after", "1")
  end
  local may_write = mark ~= nil and not ours.is_head
  local more = SAYS[status]
  replacing.replace(handle, "upstream-failed", status, may_write, false, more)
end

--- Hides what must stay inside, of an answer that is a failure; where that
-- fails, the whole answer. Where that fails too the error is raised, and the
-- answer must be closed (forecourt.closed).
function _M.hide(handle)
  if not pcall(hide, handle) then
    replacing.replace(handle, "edge-fault", "502", false)
  end
end

return _M
