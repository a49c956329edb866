--- Whom a client certificate speaks for, from x-forwarded-client-cert.
-- Envoy writes the last element itself, about the connection's own peer. What
-- stands before it was sent by that peer and counts only if the peer is a
-- declared mesh proxy.
local _M = {}

-- The element that ends the text, and what stands before it. Scanned from the
-- right, so that nothing further left can change where it begins.
local function last_element(text)
  local is_quoted = false
  for i = #text, 1, -1 do
    local byte = text:byte(i)
    if byte == 34 then
      is_quoted = not is_quoted
    elseif byte == 44 and not is_quoted then
      return text:sub(i + 1), text:sub(1, i - 1)
    end
  end
  return text, nil
end

-- The one value of a field, or nil where there is none or more than one.
local function single(element, field)
  local bare = ";" .. element:gsub('"[^"]*"', "") .. ";"
  local found
  for name, value in bare:gmatch(";%s*(%a+)=([^;]*)") do
    if name:lower() == field then
      if found then
        return nil
      end
      found = value
    end
  end
  return found ~= "" and found or nil
end

--- The SPIFFE identity that calls.
-- @tparam string header     the whole of x-forwarded-client-cert
-- @tparam table proxies     set of identities that may speak for others
-- @treturn string|nil       the identity
function _M.identity(header, proxies)
  local element, before = last_element(header)
  local peer = single(element, "uri")
  if not peer then
    return nil
  end
  if proxies[peer] and before then
    return single((last_element(before)), "uri")
  end
  return peer
end

--- The SHA-256 of the connection's own client certificate, in hex.
-- @treturn string|nil
function _M.fingerprint(header)
  local hash = single((last_element(header)), "hash")
  return hash and hash:find("^%x+$") and #hash == 64 and hash:lower() or nil
end

return _M
