--- The bucket of an address: what strangers pay from.
local addresses = require("forecourt.addresses")
local buckets = require("forecourt.buckets")
local siphash = require("forecourt.siphash")

local rshift, format, tonumber = bit.rshift, string.format, tonumber

local _M = {}

-- An address that cannot be read has company.
local NOWHERE = { 0, 0, 0, 0 }
local MAPPED = 0xffff

-- The ids of addresses and ports: a connection asks more than once.
local MOST = 4096
local ids, known = {}, 0

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

--- The id of the bucket of where a request comes from.
-- @tparam string bucket  of the API that has buckets of its own, else empty
function _M.of(handle, bucket)
  local address = handle:streamInfo():downstreamRemoteAddress()
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

return _M
