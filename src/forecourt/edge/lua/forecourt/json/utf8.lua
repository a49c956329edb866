--- Whether a text is UTF-8 (RFC 3629, section 4).
local find, match = string.find, string.match

local _M = {}

local CHARACTERS = {
  "^[\194-\223][\128-\191]()",
  "^[\225-\236\238\239][\128-\191][\128-\191]()",
  "^\224[\160-\191][\128-\191]()",
  "^\237[\128-\159][\128-\191]()",
  "^[\241-\243][\128-\191][\128-\191][\128-\191]()",
  "^\240[\144-\191][\128-\191][\128-\191]()",
  "^\244[\128-\143][\128-\191][\128-\191]()",
}

local function after(text, i)
  for k = 1, #CHARACTERS do
    local behind = match(text, CHARACTERS[k], i)
    if behind then
      return behind
    end
  end
  return nil
end

--- Says it.
function _M.is_sound(text)
  local i = find(text, "[\128-\255]")
  while i do
    i = after(text, i)
    if not i then
      return false
    end
    i = find(text, "[\128-\255]", i)
  end
  return true
end

return _M
