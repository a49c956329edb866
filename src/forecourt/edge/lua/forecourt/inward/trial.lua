--- Judges path and query of a request that nobody made, for who explains it:
-- by what judges requests, in an Envoy of its own (forecourt.edge.trial).
local contracts = require("forecourt.contracts")
local fault_list = require("forecourt.fault_list")
local inward = require("forecourt.inward")
local operations = require("forecourt.operations")

local _M = {}

local VERDICT = "forecourt-trial"

local function parameters(handle, given, contract, number, values)
  local headers = handle:headers()
  return inward.parameters(
    handle,
    headers,
    contract,
    number,
    values,
    given.caller,
    0
  )
end

-- What the contract demands besides: header fields and cookies.
local function needed(about)
  local found = {}
  for _, fault in ipairs(about and about.faults or {}) do
    if fault.where == "header" or fault.where == "cookie" then
      found[#found + 1] = fault
    end
  end
  return found
end

local function judged(handle, given)
  local contract = contracts.of(given.way_in)
  if not contract then
    return "contract-missing"
  end
  local path = handle:headers():get(":path")
  local query = path:find("?", 1, true)
  local number, values = operations.match(
    contract,
    given.method,
    path:sub(#given.prefix + 1, query and query - 1)
  )
  if not number then
    return values
  end
  local _, whole = parameters(handle, given, contract, number, values)
  -- What is missing would keep others from being asked about the rest. This
  -- contract is read for this one request.
  local operation = contract.operations[number]
  operation.header, operation.cookie = nil, nil
  local reason, about = parameters(handle, given, contract, number, values)
  return reason, about and about.faults, needed(whole)
end

--- Answers with the verdict over path and query: `kept`, or why they would be
-- refused; the `faults`, and what of fields and cookies is `needed`.
-- @tparam table given  way_in (its digest), method, prefix, caller (a policy)
function _M.request(handle, given)
  local reason, faults, others = judged(handle, given)
  local text = ('{"faults":%s,"needed":%s}'):format(
    fault_list.json(faults),
    fault_list.json(others)
  )
  handle:respond({ [":status"] = "200", [VERDICT] = reason or "kept" }, text)
end

return _M
