--- What holds on a route. It rides on the route and is read once: a route whose
-- policy changes changes its name.
local _M = {}

-- A publish renames what it changes; so many names are kept before all go.
local MOST = 20000

local known, count = {}, 0

-- How the estate names a kind of credential, and how the control plane does.
local KINDS = {
  anonymous = "anonymous",
  api_key = "api_key",
  internal_token = "internal_token",
  jwt = "token",
  mtls = "spiffe",
  oauth2 = "access_token",
}

local function set_of(list)
  local set = {}
  for _, item in ipairs(list) do
    set[item] = true
  end
  return set
end

local function read(handle)
  local policy = handle:metadata():get("policy")
  if not policy then
    return nil
  end
  for _, caller in pairs(policy.callers) do
    local accepted = {}
    for _, word in ipairs(caller.credentials) do
      if KINDS[word] then
        accepted[KINDS[word]] = true
      end
    end
    -- Only a contract makes a partner's certificate pass its own host.
    accepted.certificate = true
    caller.credentials = accepted
    if caller.request_check and caller.request_check ~= "off" then
      policy.judges = true
      policy.most = math.max(policy.most or 0, caller.body_bytes)
    end
  end
  for _, version in ipairs(policy.versions or {}) do
    if version.lens then
      -- Their bodies are read, whoever calls.
      policy.judges = true
      for _, caller in pairs(policy.callers) do
        policy.most = math.max(policy.most or 0, caller.body_bytes)
      end
    end
  end
  policy.allow = policy.allow and set_of(policy.allow)
  return policy
end

--- The policy of the request's route. `judges`: some requests are held to a
-- contract, or raised; their bodies have `most` bytes at most.
-- @treturn table|nil  nil where no API stands
function _M.of(handle)
  local name = handle:streamInfo():routeName()
  if name == "" then
    return nil
  end
  local policy = known[name]
  if not policy then
    policy = read(handle)
    if count >= MOST then
      known, count = {}, 0
    end
    known[name] = policy
    count = count + 1
  end
  return policy
end

return _M
