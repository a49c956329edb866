--- Whether what somebody brings counts from where it comes, and now.
local addresses = require("forecourt.addresses")
local entitlements = require("forecourt.entitlements")

local _M = {}

local terms_of = entitlements.terms

--- Until when what a slot stands for is refused; nil where it is not.
function _M.blocked_till(slot, now)
  local till = terms_of[slot].blocked
  return till and now < till and till or nil
end

--- Whether what a request brings may come from where it comes from.
function _M.is_from_there(handle, slot)
  local networks = terms_of[slot].networks
  if not networks then
    return true
  end
  local address = handle:streamInfo():downstreamRemoteAddress()
  return addresses.hold(networks, address)
end

return _M
