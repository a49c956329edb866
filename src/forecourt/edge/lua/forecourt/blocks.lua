--- Addresses that are refused for a while: a file that the companion writes.
-- First line: `blocks`, which writing of it this is, and how many networks
-- follow. Then those, each as forecourt.addresses reads it, and the second in
-- which its block ends, or `-`. A block ends by this worker's own clock, so
-- also where nobody writes the file any more.
local addresses = require("forecourt.addresses")

local band, lshift = bit.band, bit.lshift
local max, min = math.max, math.min
local open = io.open
local words_of = addresses.words

local _M = {}

local INTERVAL = 0.25 -- seconds between two looks
local FOREVER = math.huge

local path
local next_look = 0
local headline
local lengths = {} -- of networks that are refused, each once
local ends = {} -- when the block of a network ends, by its key
local is_known = false

-- What was decided of an address and port: a connection asks more than once.
local MOST = 4096
local verdicts, known = {}, 0

-- A network as one text: its first bits, and how many those are.
local function key_of(words, bits)
  local masked = {}
  for i = 1, 4 do
    local its = max(0, min(32, bits - 32 * (i - 1)))
    masked[i] = its == 0 and 0 or band(words[i], lshift(-1, 32 - its))
  end
  local a, b, c, d = masked[1], masked[2], masked[3], masked[4]
  return ("%d %d %d %d/%d"):format(a, b, c, d, bits)
end

-- What the file says; nil where it is not whole.
local function read(file, count)
  local found, by_length, list = {}, {}, {}
  for line in file:lines() do
    local network, second = line:match("^(%S+) (%S+)$")
    local networks = network and addresses.networks(network)
    local till = second == "-" and FOREVER or tonumber(second)
    if not networks or not till then
      return nil
    end
    local bits = networks[1].bits
    local key = key_of(networks[1], bits)
    found[key] = max(found[key] or 0, till)
    if not by_length[bits] then
      by_length[bits] = true
      list[#list + 1] = bits
    end
    count = count - 1
  end
  if count ~= 0 then
    return nil
  end
  return found, list
end

-- While the file cannot be read, what it said before holds.
local function look()
  local file = open(path, "r")
  if not file then
    return
  end
  local first = file:read("*l")
  if first and first ~= headline then
    local count = tonumber(first:match("^blocks %S+ (%d+)$"))
    local found, list
    if count then
      found, list = read(file, count)
    end
    if found then
      headline, ends, lengths, is_known = first, found, list, true
      verdicts, known = {}, 0
    end
  end
  file:close()
end

--- Says where the file is.
function _M.follow(blocks_path)
  path = blocks_path
end

--- Looks, if it is time to.
-- @treturn boolean  whether it is known who is refused
function _M.check(now)
  -- Also at once where the clock was set back.
  if now >= next_look or next_look > now + INTERVAL then
    look()
    next_look = now + INTERVAL
  end
  return is_known
end

-- When the last block ends that holds an address; 0 where there is none.
local function decided(address)
  local till, words = 0, words_of(address)
  local least = words and addresses.least_bits(words)
  for i = 1, words and #lengths or 0 do
    local bits = lengths[i]
    if bits >= least then
      till = max(till, ends[key_of(words, bits)] or 0)
    end
  end
  return till
end

--- Until when an address is refused; nil where it is not.
function _M.till(handle, now)
  if #lengths == 0 then
    return nil
  end
  local address = handle:streamInfo():downstreamRemoteAddress()
  local till = verdicts[address]
  if not till then
    till = decided(address)
    if known >= MOST then
      verdicts, known = {}, 0
    end
    verdicts[address], known = till, known + 1
  end
  return now < till and till or nil
end

return _M
