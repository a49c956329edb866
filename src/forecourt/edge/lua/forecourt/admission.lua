--- The last steps of the way in: what the upstream is told, and the mark.
local entitlements = require("forecourt.entitlements")

local _M = {}

local application = entitlements.application
local consumer, credential = entitlements.consumer, entitlements.credential
local subject = entitlements.subject
local terms_of = entitlements.terms

-- What the way out is told of an admitted request: how problems read to its
-- caller, and where its answer is held to the contract, how, to which, to which
-- operation of it, and whose version that is; where it was raised, by which
-- lenses, and their operation. A mark is made once (forecourt.marks reads it).
local function mark_of(caller, held, operation, policy, version)
  if not operation or caller.response_check == "off" then
    return "yes " .. caller.errors
  end
  local marks = held.marks
  if not marks then
    marks = {}
    held.marks = marks
  end
  local mark = marks[operation]
  if not mark then
    mark = ("yes %s %s %s %d %s@%s"):format(
      caller.errors,
      caller.response_check,
      held.way_out,
      operation,
      policy.api,
      version.name
    )
    marks[operation] = mark
  end
  return mark
end

-- Tells the upstream in which version it is spoken to, and where.
local function say_version(headers, metadata, policy, version, asks, raised)
  if raised then
    headers:add("forecourt-version", version.speaks)
    headers:add("forecourt-caller-version", version.name)
  elseif version.name ~= "" then
    headers:add("forecourt-version", version.name)
  end
  local base = version.base
  if policy.test_base and asks and asks:sub(1, 5) == " test" then
    base = policy.test_base -- test keys are led to the mock
  end
  if raised then
    metadata:set("forecourt", "path", base .. raised.path)
  elseif base then
    -- Where the version's own upstream wants it; the route has no one base.
    -- Envoy keeps the query.
    local path = headers:get(":path")
    local query = path:find("?", 1, true)
    local rest = path:sub(#policy.prefix + 1, query and query - 1)
    metadata:set("forecourt", "path", base .. rest)
  end
end

--- Tells the access log and the upstream who calls.
function _M.name_caller(headers, slot)
  headers:add("forecourt-consumer", consumer(slot))
  headers:add("forecourt-application", application(slot))
  headers:add("forecourt-audience", terms_of[slot].audience)
  headers:add("forecourt-credential", credential(slot))
end

--- Lets a request through. Setting the mark is the last statement: a request
-- that lacks it ends at the admission filter.
-- @tparam number|nil op  the operation, where the request is held to a contract
-- @tparam string|nil asks  what the way out must know of this request
--   alone: " test" where a test key calls, " head" where a body may not leave,
--   " place" where it has a place to give back
-- @tparam table|nil raised  as what forecourt.raising raised it
function _M.admit(handle, headers, slot, policy, version, op, asks, raised)
  local terms = terms_of[slot]
  if version.upstream then
    headers:add("forecourt-upstream", version.upstream)
  end
  if terms.scopes ~= "" then
    headers:add("forecourt-scopes", terms.scopes)
  end
  if terms.features ~= "" then
    headers:add("forecourt-features", terms.features)
  end
  local person = subject(slot)
  if person ~= "" then
    headers:add("forecourt-subject", person)
  end
  local metadata = handle:streamInfo():dynamicMetadata()
  say_version(headers, metadata, policy, version, asks, raised)
  local audience = terms.audience
  local held = version.contracts and version.contracts[audience]
  local caller = policy.callers[audience]
  local mark = mark_of(caller, held, op, policy, version)
  if raised then
    mark = ("%s by %s %d"):format(mark, version.lens, raised.number)
  end
  if policy.by_header then
    metadata:set("forecourt", "vary", "api-version")
  end
  metadata:set("forecourt", "admit", asks and mark .. asks or mark)
end

--- Lets anybody through to what the gateway itself answers: whoever asks proves
-- itself there. The mark is the last statement.
function _M.admit_anybody(handle)
  local metadata = handle:streamInfo():dynamicMetadata()
  metadata:set("forecourt", "admit", "yes constant")
end

return _M
