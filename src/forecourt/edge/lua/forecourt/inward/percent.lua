--- Percent-encoding (RFC 3986, section 2.1), undone once.
local find, gsub, char = string.find, string.gsub, string.char

local _M = {}

local MEANING = {}
for code = 0, 255 do
  local hex = ("%02x"):format(code)
  local high, low = hex:sub(1, 1), hex:sub(2, 2)
  for _, h in ipairs({ high, high:upper() }) do
    for _, l in ipairs({ low, low:upper() }) do
      MEANING[h .. l] = char(code)
    end
  end
end

-- Tabs and line ends are texts; the rest ends texts, or hides in them.
local CONTROL = "[%z\1-\8\11\12\14-\31\127]"

--- What a text means.
-- @tparam string text
-- @tparam boolean is_form  `+` is a space, as forms and queries have it
-- @treturn string|nil      nil: not encoded as it should be, or with control
--   characters. Whether it is UTF-8 is not asked.
function _M.decode(text, is_form)
  if is_form and find(text, "+", 1, true) then
    text = gsub(text, "%+", " ")
  end
  if not find(text, "%", 1, true) then
    return text
  elseif find(text, "%%%X") or find(text, "%%%x?$") or find(text, "%%%x%X") then
    return nil
  end
  text = gsub(text, "%%(%x%x)", MEANING)
  return not find(text, CONTROL) and text or nil
end

return _M
