--- Whether an address is in one of some networks.
-- An address is four words of 32 bits; one of IPv4 is what IPv6 maps it to
-- (RFC 4291, section 2.5.5.2), so that both its spellings are one.
local band, lshift, tobit = bit.band, bit.lshift, bit.tobit
local max, min = math.max, math.min

local _M = {}

local GROUPS = 8 -- of 16 bits

local function dotted(a, b, c, d)
  if max(a, b, c, d) > 255 then
    return nil
  end
  return ("%x:%x"):format(a * 256 + b, c * 256 + d)
end

-- As groups of hexadecimal digits.
local function spelled(text)
  if not text:find(":", 1, true) then
    text = "::ffff:" .. text
  end
  return (text:gsub("(%d+)%.(%d+)%.(%d+)%.(%d+)$", dotted))
end

local function groups_of(text, list)
  for digits in text:gmatch("[^:]+") do
    list[#list + 1] = tonumber(digits, 16)
  end
  return list
end

--- The words of an address, with the port that Envoy writes behind it; nil
-- where it is none.
function _M.words(address)
  local bare = address:match("^%[(.+)%]:%d+$") or address:match("^(.+):%d+$")
  local text = bare and spelled(bare)
  if not text or text:find("[^%x:]") or text:find("::.*::") then
    return nil
  end
  local head, tail = text:match("^(.-)::(.*)$")
  local groups = groups_of(head or text, {})
  local rest = groups_of(tail or "", {})
  while head and #groups + #rest < GROUPS do
    groups[#groups + 1] = 0
  end
  for i = 1, #rest do
    groups[#groups + 1] = rest[i]
  end
  if #groups ~= GROUPS then
    return nil
  end
  local words = {}
  for i = 1, GROUPS, 2 do
    if groups[i] > 0xffff or groups[i + 1] > 0xffff then
      return nil
    end
    words[#words + 1] = tobit(groups[i] * 0x10000 + groups[i + 1])
  end
  return words
end

--- How many bits a network has at least that holds an address: one of IPv6's
-- own holds none of IPv4, although `::/64` has what IPv6 maps those to.
function _M.least_bits(words)
  local is_mapped = words[1] == 0 and words[2] == 0 and words[3] == 0xffff
  return is_mapped and 96 or 0
end

local function is_in(words, network)
  if network.bits < _M.least_bits(words) then
    return false
  end
  for i = 1, 4 do
    local bits = max(0, min(32, network.bits - 32 * (i - 1)))
    local mask = bits == 0 and 0 or lshift(-1, 32 - bits)
    if band(words[i], mask) ~= network[i] then
      return false
    end
  end
  return true
end

--- Reads networks as the control plane writes them: 32 hexadecimal digits and
-- the bits that count, `00000000000000000000ffffcb007100/120`.
-- @tparam string|nil text   separated by spaces
-- @treturn table|boolean|nil  false where there are none; nil for what is none
function _M.networks(text)
  local networks = {}
  for word in (text or ""):gmatch("%S+") do
    local digits, bits = word:match("^(%x+)/(%d+)$")
    bits = tonumber(bits)
    if not bits or #digits ~= 32 or bits > 128 then
      return nil
    end
    local network = { bits = bits }
    for i = 1, 4 do
      network[i] = tobit(tonumber(digits:sub(8 * i - 7, 8 * i), 16))
    end
    networks[#networks + 1] = network
  end
  return #networks > 0 and networks
end

--- Whether an address is in one of them.
-- @tparam table networks
-- @tparam string address   with its port: `203.0.113.7:1`, `[2001:db8::1]:1`
function _M.hold(networks, address)
  local words = _M.words(address)
  for i = 1, words and #networks or 0 do
    if is_in(words, networks[i]) then
      return true
    end
  end
  return false
end

return _M
