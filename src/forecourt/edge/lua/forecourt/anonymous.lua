--- Who brings no credential, and what anybody may call.
-- Nobody is asked about a stranger, and nothing is remembered of one.
local access = require("forecourt.access")
local contracted = require("forecourt.contracted")
local contracts = require("forecourt.contracts")
local entitlements = require("forecourt.entitlements")
local operations = require("forecourt.operations")

local _M = {}

-- A word of policies and contracts, beside the audiences: those of the public
-- say more.
local ANONYMOUS = "anonymous"

-- What strangers have others do for them (forecourt.fallback and .functions)
-- they pay together, so that a flood of addresses asks no more than one does.
local TOGETHER = 1

local SLOT = entitlements.reserve(ANONYMOUS, {
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
}, TOGETHER)

--- The slot of all strangers.
_M.SLOT = SLOT

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

return _M
