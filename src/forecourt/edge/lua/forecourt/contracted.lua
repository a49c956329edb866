--- Holds a request to the contract of its version, as its caller sees it.
local contracts = require("forecourt.contracts")
local entitlements = require("forecourt.entitlements")
local inward = require("forecourt.inward")
local operations = require("forecourt.operations")
local scopes = require("forecourt.scopes")

local find, sub = string.find, string.sub
local concat = table.concat

local _M = {}

local function below_prefix(path, policy)
  local query = find(path, "?", 1, true)
  return sub(path, #policy.prefix + 1, query and query - 1)
end

local function lacks(alternative)
  local wanted = concat(alternative.all, " ")
  local challenge = ('Bearer error="insufficient_scope", scope="%s"'):format(
    wanted:gsub('[%c"\\]', "")
  )
  return {
    detail = ("The credential lacks a scope: %s."):format(wanted),
    fields = { ["www-authenticate"] = challenge },
  }
end

--- The operation that a request means, whether its caller may use it, and
-- whether what it brings is what the contract declares. To wait for a body ends
-- the headers that were read before.
-- @tparam string method
-- @tparam string path    with its query
-- @tparam table policy   the route's
-- @tparam table version  the request's
-- @treturn number|nil  the operation; nil where the request is held to none
-- @treturn string|nil  why not: "no-such-operation", "method-not-declared",
--   "scope-missing", "contract-missing", or what forecourt.inward says
-- @treturn table|nil   what the refusal says besides
function _M.hold(handle, headers, method, path, slot, policy, version)
  local terms = entitlements.terms[slot]
  local held = version.contracts and version.contracts[terms.audience]
  if not held then
    return nil
  end
  local caller = policy.callers[terms.audience]
  local contract = contracts.of(held.way_in)
  if not contract then
    return nil, "contract-missing"
  end
  local number, found, allow =
    operations.match(contract, method, below_prefix(path, policy))
  if not number then
    -- What would answer must be declared, if answers are filtered.
    if
      caller.request_check ~= "enforce"
      and caller.response_check ~= "filter"
    then
      return nil
    end
    return nil, found, allow and { fields = { allow = allow } }
  end
  local operation = contract.operations[number]
  headers:add("forecourt-operation", operation.name)
  if caller.demands_scopes then
    local alternative = scopes.lacking(terms, operation.scopes)
    if alternative then
      return nil, "scope-missing", lacks(alternative)
    end
  end
  if caller.request_check == "off" then
    return number
  end
  local why, about =
    inward.check(handle, headers, contract, number, found, caller, slot)
  if why then
    return nil, why, about
  end
  return number
end

return _M
