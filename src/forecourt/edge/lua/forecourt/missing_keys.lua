--- Tells the control plane that a token names a key which the edge does not
-- have: its issuer may sign with a new one. Nobody waits for that.
local clock = require("forecourt.clock")

local _M = {}

-- A worker says so at most every so many seconds, whoever invents names.
local INTERVAL = 1
local TIMEOUT = 1000 -- milliseconds
local LONGEST = 1024

local next_time = 0

local VALUES = {}
do
  local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    .. "0123456789-_"
  for i = 1, #alphabet do
    VALUES[alphabet:byte(i)] = i - 1
  end
end

-- base64url without padding (RFC 7515, section 2).
local function decoded(text)
  local bytes, bits, size = {}, 0, 0
  for i = 1, #text do
    bits, size = bits * 64 + VALUES[text:byte(i)], size + 6
    if size >= 8 then
      size = size - 8
      local byte = math.floor(bits / 2 ^ size)
      bytes[#bytes + 1] = string.char(byte)
      bits = bits - byte * 2 ^ size
    end
  end
  return table.concat(bytes)
end

--- The name of the key that a token says it was signed with.
-- @treturn string|nil  nil where it names none
function _M.named(token)
  local head = token:match("^([%w%-_]+)%.[%w%-_]+%.[%w%-_]+$")
  if not head or #head > LONGEST then
    return nil
  end
  return decoded(head):match('"kid"%s*:%s*"([^"\\]+)"')
end

--- Says it, where the token that failed names a key that nobody knows.
function _M.tell(handle, settings, token)
  local now = clock.monotonic()
  if now < next_time then
    return
  end
  local name = _M.named(token)
  if not name or settings.key_names[name] then
    return
  end
  next_time = now + INTERVAL
  handle:httpCall(settings.control_cluster, {
    [":method"] = "POST",
    [":path"] = "/missing-key",
    [":authority"] = "control",
  }, nil, TIMEOUT, true)
end

return _M
