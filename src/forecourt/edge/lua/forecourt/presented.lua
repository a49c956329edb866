--- What a request brings to prove who calls, by the field it came in.
-- Each source names its field, and turns its value into what the control
-- plane is asked: a kind and a credential; or nil and why not: "malformed".
local api_key = require("forecourt.api_key")
local client_certificate = require("forecourt.client_certificate")
local missing_keys = require("forecourt.missing_keys")

local _M = {}

local TOKENS = "envoy.filters.http.jwt_authn"
local OWN = { "forecourt.oauth" }

local function escaped(text)
  return (text:gsub("[^%w%-%._~]", function(c)
    return ("%%%02X"):format(c:byte())
  end))
end

-- The claims of a token whose signature Envoy checked on this very request.
local function claims(handle, issuers)
  local verified = handle:streamInfo():dynamicMetadata():get(TOKENS)
  if not verified then
    return nil
  end
  for i = 1, #issuers do
    local payload = verified[issuers[i]]
    if payload then
      return payload, issuers[i]
    end
  end
  return nil
end

-- What the issuer granted: `scope` (RFC 9068, section 2.2.3), or `scp`, which
-- some write as a list.
local function granted(payload)
  local scopes = payload.scope or payload.scp
  if type(scopes) == "table" then
    local listed = {}
    for i = 1, #scopes do
      listed[i] = type(scopes[i]) == "string" and scopes[i] or ""
    end
    scopes = table.concat(listed, " ")
  end
  return type(scopes) == "string" and scopes or ""
end

local function key(value)
  if api_key.is_well_formed(value) then
    return "api_key", value
  end
  return nil, "malformed"
end

-- What a token of ours is for (RFC 7519, section 4.1.3), as words.
local function audience_of(payload)
  local listed = payload.aud
  if type(listed) ~= "table" then
    listed = { listed }
  end
  local words = {}
  for i = 1, #listed do
    words[i] = escaped(type(listed[i]) == "string" and listed[i] or "")
  end
  return table.concat(words, " ")
end

-- A token of our own authorization server. What it does not say is empty, and
-- the control plane knows no such token.
local function own_token(payload)
  local id, client, scope = payload.jti, payload.client_id, payload.scope
  local text = table.concat({
    escaped(type(id) == "string" and id or ""),
    escaped(type(client) == "string" and client or ""),
    scope == nil and "*" or escaped(type(scope) == "string" and scope or ""),
    audience_of(payload),
  }, " ")
  return "access_token", text, tonumber(payload.exp)
end

local function token(value, handle, settings)
  local own = claims(handle, OWN)
  if own then
    return own_token(own)
  end
  local payload, issuer = claims(handle, settings.issuers)
  if not payload then
    missing_keys.tell(handle, settings, value)
    return nil, "malformed"
  end
  local client = payload[settings.consumer_claims[issuer]]
  local subject = payload.sub
  if type(client) ~= "string" or client == "" then
    return nil, "malformed"
  end
  local text = table.concat({
    escaped(issuer),
    escaped(type(subject) == "string" and subject or ""),
    escaped(granted(payload)),
    escaped(client), -- never empty: a field's last space does not arrive
  }, " ")
  return "token", text, tonumber(payload.exp)
end

local function bearer(value, handle, settings)
  local scheme, rest = value:match("^(%a+) +(%S+)$")
  if not scheme or scheme:lower() ~= "bearer" then
    return nil, "malformed"
  end
  if rest:sub(1, 3) == "fc_" then
    return key(rest)
  end
  return token(rest, handle, settings)
end

local function mesh_identity(value, _, settings)
  local identity = client_certificate.identity(value, settings.proxies)
  if not identity then
    return nil, "malformed"
  end
  return "spiffe", identity
end

local function service_token(_, handle)
  local payload = claims(handle, { "internal" })
  if not payload or type(payload.sub) ~= "string" then
    return nil, "malformed"
  end
  return "internal_token", payload.sub, tonumber(payload.exp)
end

local function partner_certificate(value, _, settings)
  local fingerprint = client_certificate.fingerprint(value)
  if not fingerprint then
    return nil, "malformed"
  end
  return "certificate", settings.partner_host .. " " .. fingerprint
end

local BEARER = { field = "authorization", read = bearer }
local KEY = { field = "x-api-key", read = key }
local CERTIFICATE = {
  field = "x-forwarded-client-cert",
  read = partner_certificate,
  proves_owner = true, -- and narrows nothing (forecourt.together)
}
local IDENTITY = { field = "x-forwarded-client-cert", read = mesh_identity }
local SERVICE_TOKEN = {
  field = "x-internal-service-token",
  read = service_token,
}

--- The sources that count on a chain; no other field is ever looked at.
function _M.sources(settings)
  if settings.mesh then
    return { IDENTITY, SERVICE_TOKEN }
  elseif settings.partner_host ~= "" then
    return { CERTIFICATE, BEARER, KEY }
  end
  return { KEY, BEARER }
end

return _M
