--- Holds a request to the contract of its version, as its caller sees it, and
-- has it raised where the service speaks a newer one.
local charging = require("forecourt.charging")
local contracts = require("forecourt.contracts")
local entitlements = require("forecourt.entitlements")
local functions = require("forecourt.functions")
local inward = require("forecourt.inward")
local limits_of = require("forecourt.inward.limits").of
local lifecycle = require("forecourt.lifecycle")
local operations = require("forecourt.operations")
local raising = require("forecourt.raising")
local scopes = require("forecourt.scopes")

local find, sub = string.find, string.sub
local concat = table.concat

local _M = {}

--- What follows a route's prefix in a path, without the query.
function _M.below(path, policy)
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

-- The operation of the contract; nil where the request is held to none.
local function operation_of(contract, caller, method, path)
  local number, found, allow = operations.match(contract, method, path)
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
  return number, nil, nil, found
end

-- Whether the caller may use it, and whether what it brings is declared.
local function judge(handle, headers, slot, contract, number, took, caller)
  if caller.demands_scopes then
    local terms = entitlements.terms[slot]
    local operation = contract.operations[number]
    local alternative = scopes.lacking(terms, operation.scopes)
    if alternative then
      return "scope-missing", lacks(alternative)
    end
  end
  if caller.request_check == "off" then
    return nil
  end
  return inward.check(handle, headers, contract, number, took, caller, slot)
end

--- The operation that a request means, whether its caller may use it, and
-- whether what it brings is what the contract declares; then it is raised. To
-- wait for a body ends the headers that were read before.
-- @tparam string method
-- @tparam string path    with its query
-- @tparam table policy   the route's
-- @tparam table version  the request's
-- @treturn number|nil  the operation; nil where the request is held to none
-- @treturn string|nil  why not: "no-such-operation", "method-not-declared",
--   "operation-limited", "scope-missing", "contract-missing", or what
--   forecourt.inward or forecourt.raising says
-- @treturn table|nil   what the refusal says besides
-- @treturn table|nil   as what it was raised, where it was
function _M.hold(handle, headers, method, path, slot, policy, version)
  local audience = entitlements.terms[slot].audience
  local held = version.contracts and version.contracts[audience]
  local caller = policy.callers[audience]
  local below = _M.below(path, policy)
  local contract, number, why, about, took
  if held then
    contract = contracts.of(held.way_in)
    if not contract then
      return nil, "contract-missing"
    end
    number, why, about, took = operation_of(contract, caller, method, below)
  end
  local name = number and contract.operations[number].name
  local lens, found
  if version.lens and not why then
    lens, found, about = raising.operation(version, name, method, below)
    why = not lens and found or nil
    name = name or lens and lens.name
  end
  if name then
    headers:add("forecourt-operation", name)
  end
  local life = number and contract.operations[number].life
  if life then
    lifecycle.tell_of_operation(handle, headers, life, slot, policy, version)
  end
  local limit = number and contract.operations[number].limit
  if limit and not why then
    about = charging.operation(handle, headers, slot, policy, limit)
    why = about and "operation-limited"
  end
  local text
  if number and not why then
    why, about, text =
      judge(handle, headers, slot, contract, number, took, caller)
  end
  if why then
    return nil, why, about
  elseif not lens then
    return number
  end
  local turns
  if lens.needs_functions then
    turns, why, about = functions.charge(handle, slot)
    if why then
      return nil, why, about
    end
  end
  local raised
  local limits = limits_of(caller)
  raised, why, about =
    raising.raise(handle, lens, took or found, method, limits, text, turns)
  return number, why, about, raised
end

return _M
