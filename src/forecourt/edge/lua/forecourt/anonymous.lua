--- Who brings no credential: what anybody may call, and what each address pays.
-- Nobody is asked about a stranger, and nothing is remembered of one.
local access = require("forecourt.access")
local addresses = require("forecourt.addresses")
local buckets = require("forecourt.buckets")
local clock = require("forecourt.clock")
local contracted = require("forecourt.contracted")
local contracts = require("forecourt.contracts")
local entitlements = require("forecourt.entitlements")
local limits = require("forecourt.limits")
local operations = require("forecourt.operations")
local siphash = require("forecourt.siphash")

local rshift, format, tonumber = bit.rshift, string.format, tonumber

local _M = {}

-- A word of policies and contracts, beside the audiences: those of the public
-- say more.
local ANONYMOUS = "anonymous"

local TERMS = {
  kind = ANONYMOUS,
  audience = ANONYMOUS,
  grants = false,
  sunsets = false,
  pins = false,
  scopes = "",
  has_all_scopes = false,
  features = "",
  has_feature = false,
  needs_certificate = false,
  is_test = false,
  class = 0,
  blocked = false,
  networks = false,
}

--- The slot of all strangers.
local SLOT = entitlements.reserve(ANONYMOUS, TERMS)
_M.SLOT = SLOT

-- An address that cannot be read has company.
local NOWHERE = { 0, 0, 0, 0 }
local MAPPED = 0xffff

-- The ids of addresses and ports: a connection asks more than once.
local MOST = 4096
local ids, known = {}, 0

--- The slot of strangers, if anybody may call what a request asks for.
-- Everything else must look the same to them, so it says nothing else.
-- @tparam table|nil policy  the route's
-- @tparam string path       with its query
-- @treturn number|nil
function _M.slot(headers, policy, method, path, now)
  if not policy or not policy.callers[ANONYMOUS] then
    return nil
  end
  local wanted = policy.by_header and headers:get("api-version")
  local version, _, meant = access.decide(SLOT, policy, wanted, now)
  -- Of what has ended it is told as others are, where it was for anybody.
  version = version or meant
  local till = version and version.anonymous_till
  if not till or now >= till then
    return nil
  end
  local contract = contracts.of(version.contracts[ANONYMOUS].way_in)
  local below = contracted.below(path, policy)
  return contract and operations.match(contract, method, below) and SLOT
end

--- Tells the access log and the upstream that nobody is known.
function _M.name_caller(headers)
  headers:add("forecourt-consumer", ANONYMOUS)
  headers:add("forecourt-audience", "public")
end

-- Of an address of IPv6 the first half: who has one has the rest.
local function id_of(address, bucket)
  local words = addresses.words(address) or NOWHERE
  local third, fourth = words[3], words[4]
  if words[1] ~= 0 or words[2] ~= 0 or third ~= MAPPED then
    third, fourth = 0, 0
  end
  local network =
    format("%d %d %d %d %s", words[1], words[2], third, fourth, bucket)
  -- As forecourt.edge.buckets has them: 52 bits, and never zero.
  local id = tonumber(rshift(siphash.hash(buckets.key(), network), 12))
  return id > 0 and id or 1
end

-- The id of the bucket of an address; `bucket` is the API's that has its own.
local function bucket_of(address, bucket)
  local key = bucket == "" and address or address .. bucket
  local id = ids[key]
  if not id then
    if known >= MOST then
      ids, known = {}, 0
    end
    id = id_of(address, bucket)
    ids[key], known = id, known + 1
  end
  return id
end

--- Takes what the request costs its address; as forecourt.admission has it.
function _M.charge(headers, _, _, handle, policy)
  local caller = policy.callers[ANONYMOUS]
  local address = handle:streamInfo():downstreamRemoteAddress()
  local id, interval = bucket_of(address, caller.bucket), 60 / caller.per_minute
  local depth = interval * caller.capacity
  -- Whatever else this request is charged for is charged before it waits.
  entitlements.charge_to(id)
  TERMS.interval, TERMS.depth = interval, depth
  local left, seconds, wait =
    buckets.take(id, interval, depth, clock.monotonic())
  local said = limits.policy(caller.per_minute)
  headers:add("forecourt-ratelimit-policy", said)
  headers:add("forecourt-ratelimit", limits.state(left, seconds))
  return wait, wait and "rate-limited"
end

return _M
