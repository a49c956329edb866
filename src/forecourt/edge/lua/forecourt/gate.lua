--- The gate: who calls, and whether that caller sees what it calls.
-- The decisions are in the modules it names; here they meet Envoy.
local access = require("forecourt.access")
local admission = require("forecourt.admission")
local anonymous = require("forecourt.anonymous")
local blocks = require("forecourt.blocks")
local buckets = require("forecourt.buckets")
local charging = require("forecourt.charging")
local clock = require("forecourt.clock")
local contracted = require("forecourt.contracted")
local entitlements = require("forecourt.entitlements")
local fallback = require("forecourt.fallback")
local inward = require("forecourt.inward")
local let_in = require("forecourt.short_bodies").let_in
local lifecycle = require("forecourt.lifecycle")
local limits = require("forecourt.limits")
local news = require("forecourt.news")
local paths = require("forecourt.paths")
local policies = require("forecourt.policies")
local presented = require("forecourt.presented")
local problem_body = require("forecourt.problem_body")
local problems = require("forecourt.problems")
local resolver = require("forecourt.resolver")
local shedding = require("forecourt.shedding")
local standing = require("forecourt.standing")
local strangers = require("forecourt.strangers")
local test_keys = require("forecourt.test_keys")
local together = require("forecourt.together")

require("forecourt.sandbox").close()

local _M = {}

-- While nobody answers, ask again only so often (seconds).
local RETRY = 5
local RETRY_AFTER = "5"

-- Methods that mean something to proxies or reflect what they were sent.
local REFUSED_METHODS = { CONNECT = true, TRACE = true, TRACK = true }

-- Audiences a listener knows: no credential widens anything elsewhere.
local KNOWN = {
  external = { partner = true, public = true },
  internal = { internal = true },
}

local settings
local sources

local function refuse(handle, reason, about)
  about = about or {}
  let_in(handle)
  local headers = handle:headers()
  about.request_id = headers:get("x-request-id")
  about.is_mesh = settings.mesh
  local problem = problems.of(reason)
  local fields = {
    [":status"] = tostring(problem.status),
    ["content-type"] = problem_body.TYPE,
    ["cache-control"] = "no-store",
  }
  if problem.status == 401 then
    local realm = settings.organization:gsub('[%c"\\]', "")
    fields["www-authenticate"] = ('Bearer realm="%s"'):format(realm)
  elseif problem.status == 503 then
    fields["retry-after"] = RETRY_AFTER
  end
  for name, value in pairs(about.fields or {}) do
    fields[name] = value
  end
  local body = problem_body.of(reason, about)
  headers:replace("forecourt-reason", reason) -- for the access log
  -- From here on the answer is taken as it is: nothing may fail after this.
  handle:streamInfo():dynamicMetadata():set("forecourt", "replied", "yes")
  handle:respond(fields, body)
end

-- Turns away who comes after others while the machine is full. Outside it
-- waits for hearing it; inside it may have somewhere else to ask.
local function shed(handle, about)
  if settings.mesh or not shedding.wait(handle) then
    about.fields = { ["retry-after"] = shedding.retry_after() }
    return refuse(handle, "shed", about)
  end
end

-- Refuses who is nobody, or is refused whatever it asks for. What such a flood
-- does to the machine counts as the first class's: no other pays for it.
local function turn_away(handle, reason, about)
  buckets.pressure(0)
  return refuse(handle, reason, about)
end

-- Refuses who has used up a limit, and says when to come again.
local function refuse_till(handle, reason, wait, about)
  about.fields = { ["retry-after"] = limits.retry_after(wait) }
  return refuse(handle, reason, about)
end

-- Asks the control plane, and remembers what it says.
local function learn(handle, source, value, now)
  local field = source.field
  local kind, credential, expires = source.read(value, handle, settings)
  if not kind then
    entitlements.drop(field, value)
    return nil, credential
  end
  if strangers.is_known(field, value, now) then
    return nil, "unknown"
  end
  local ended = entitlements.slot(field, value)
  if ended and now >= entitlements.expires[ended] then
    return nil, "unknown" -- it ends when it should, whoever is away
  end
  local policy = policies.of(handle)
  if not let_in(handle) and policy and policy.judges then
    inward.hold(handle, policy.most)
  end
  local found, reason = resolver.ask(handle, settings, kind, credential)
  if reason == "unavailable" then
    local slot = entitlements.slot(field, value)
    if slot and now < entitlements.grace[slot] then
      local till = math.min(now + RETRY, entitlements.grace[slot])
      entitlements.renew(slot, till)
      return slot
    end
    return nil, "unavailable"
  end
  if not found or not KNOWN[settings.listener][found.terms.audience] then
    entitlements.drop(field, value)
    strangers.remember(field, value, now)
    return nil, "unknown"
  end
  if expires then
    found.expires = math.min(found.expires, expires)
  end
  if found.expires <= now then
    return nil, "unknown"
  end
  if found.news < news.seen() then
    -- Something was withdrawn while we asked: good for this request only.
    found.fresh, found.grace = 0, 0
  end
  local known = entitlements.slot(field, value)
  if known and found.terms.pins == nil then
    -- Nobody could say them now: those from before hold, and all else is new.
    local before = { pins = entitlements.terms[known].pins }
    found.terms = setmetatable(before, { __index = found.terms })
  end
  return entitlements.remember(field, value, found, now)
end

-- The entitlement of one field's value.
local function find(handle, source, value, now)
  local slot = entitlements.slot(source.field, value)
  if slot and now < entitlements.fresh(slot) then
    return slot
  end
  return learn(handle, source, value, now)
end

-- A problem for who is refused for a while, and when to come again.
local function held_off(till, now, about)
  if till < math.huge then
    about.fields = { ["retry-after"] = limits.retry_after(till - now) }
  end
  return about
end

-- All that a request brings, where it carries several credentials.
local function given_in(headers)
  local given = {}
  for i = 1, #sources do
    local value = headers:get(sources[i].field)
    if value then
      given[#given + 1] = { sources[i], value }
    end
  end
  return given
end

-- Who calls: the slot of the entitlement, or nil and why not.
local function identify(handle, headers, now)
  local source, value
  for i = 1, #sources do
    local given = headers:get(sources[i].field)
    if given then
      if source then
        return together.agreed(handle, given_in(headers), find, now)
      end
      source, value = sources[i], given
    end
  end
  if not source then
    return nil, "missing"
  end
  return find(handle, source, value, now)
end

local function detail(policy, slot)
  local about = {}
  local caller = policy and policy.callers[entitlements.terms[slot].audience]
  if caller and caller.errors == "detailed" then
    about.is_detailed = true
    about.api, about.team = policy.api, policy.team
  elseif not policy and settings.mesh then
    about.is_detailed = true
  end
  return about
end

-- Whether a body says of itself that it is larger than its caller may send.
-- What says nothing is bounded by Envoy, as it comes.
local function is_too_large(headers, policy, slot)
  local length = headers:get("content-length")
  local most = policy.callers[entitlements.terms[slot].audience].body_bytes
  return length ~= nil and tonumber(length) > most
end

--- The way in.
function _M.request(handle)
  local now = clock.now()
  local headers = handle:headers()
  local method = headers:get(":method")
  if REFUSED_METHODS[method] then
    return turn_away(handle, "method")
  elseif method == "HEAD" then
    -- The way out cannot see it, and must not write a body.
    handle:streamInfo():dynamicMetadata():set("forecourt", "is_head", "yes")
  end
  -- Before anything is read of what it asks: whoever is refused learns nothing.
  if settings.guarded then
    if not blocks.check(now) then
      return refuse(handle, "unavailable")
    end
    local till = blocks.till(handle, now)
    if till then
      return turn_away(handle, "blocked", held_off(till, now, {}))
    end
  end
  local path = headers:get(":path")
  if not paths.is_plain(path) then
    return turn_away(handle, "ambiguous-path")
  end
  news.check(now)
  local policy = policies.of(handle)
  if policy and policy.own then
    buckets.pressure(0)
    -- It goes on whole: who sends it slowly keeps nobody's place there.
    if not let_in(handle) then
      handle:body()
    end
    return admission.admit_anybody(handle)
  end
  local slot, reason = identify(handle, headers, now)
  if reason == "missing" and settings.meets_strangers then
    slot = anonymous.slot(headers, policy, method, path, now)
  end
  if not slot then
    return turn_away(handle, reason, { is_detailed = settings.mesh })
  end
  headers = handle:headers() -- to ask somebody ends those from before
  local caller = slot == anonymous.SLOT and anonymous or admission
  caller.name_caller(headers, slot)
  if not standing.is_from_there(handle, slot) then
    -- It costs nothing: who found a key must not use up its owner's limit.
    return turn_away(handle, "address-not-allowed", detail(policy, slot))
  end
  local ends = standing.blocked_till(slot, now)
  if ends then
    local about = held_off(ends, now, detail(policy, slot))
    return turn_away(handle, "blocked", about)
  end
  if shedding.is_due(slot, policy) then
    return shed(handle, detail(policy, slot))
  end
  local wait, limit = charging.caller(handle, headers, slot, now, policy)
  if wait then
    return refuse_till(handle, limit, wait, detail(policy, slot))
  end
  local wanted = policy and policy.by_header and headers:get("api-version")
  local version, why, meant, till, choices =
    access.decide(slot, policy, wanted, now)
  if not version then
    local about = detail(policy, slot)
    about.versions = choices
    if meant then
      lifecycle.explain(about, slot, policy, meant, till and till - now)
    end
    return refuse(handle, why, about)
  end
  wait = charging.api(handle, headers, slot, policy)
  if wait then
    return refuse_till(handle, "api-limited", wait, detail(policy, slot))
  end
  if version.status == "deprecated" then
    lifecycle.tell(handle, slot, policy, version)
  end
  if is_too_large(headers, policy, slot) then
    return refuse(handle, "body-too-large", detail(policy, slot))
  end
  local turn, terms = entitlements.turn(slot), entitlements.terms[slot]
  local operation, broken, besides, raised =
    contracted.hold(handle, headers, method, path, slot, policy, version)
  if broken then
    local about = detail(policy, slot)
    for name, value in pairs(besides or {}) do
      about[name] = value
    end
    return refuse(handle, broken, about)
  end
  headers = handle:headers() -- to wait for a body ends those from before
  if entitlements.turn(slot) ~= turn or entitlements.terms[slot] ~= terms then
    -- While it waited something was withdrawn, or the slot is another's now.
    return refuse(handle, "unavailable")
  end
  local asks = method == "HEAD" and " head" or nil
  if terms.is_test then
    test_keys.lead_to_mock(handle, headers)
    asks = " test" .. (asks or "")
  end
  if terms.most_at_once then
    asks = (asks or "") .. " place"
  end
  admission.admit(
    handle,
    headers,
    slot,
    policy,
    version,
    operation,
    asks,
    raised
  )
end

--- The gate of one chain.
-- @tparam table given  organization, listener, mesh, mesh_proxies,
--   partner_host, issuers, consumer_claims, key_names, control_cluster, news,
--   buckets; blocks, "" where no address is ever refused
function _M.new(given)
  settings = given
  settings.proxies = {}
  for _, identity in ipairs(given.mesh_proxies) do
    settings.proxies[identity] = true
  end
  sources = presented.sources(settings)
  -- Neither inside nor on a partner's own host does anybody come unknown.
  settings.meets_strangers = not given.mesh and given.partner_host == ""
  news.follow(given.news)
  buckets.follow(given.buckets)
  if given.blocks ~= "" then
    settings.guarded = true
    blocks.follow(given.blocks)
  end
  inward.ask(function(handle, contract, root, text, slot)
    return fallback.judge(handle, settings, contract.digest, root, text, slot)
  end)
  return _M
end

return _M
