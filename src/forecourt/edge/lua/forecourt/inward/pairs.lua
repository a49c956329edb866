--- Names with values, as queries, forms and cookies write them.
local find, gsub, sub = string.find, string.gsub, string.sub

local _M = {}

local function cut(piece)
  local equals = find(piece, "=", 1, true)
  if not equals then
    return piece, ""
  end
  return sub(piece, 1, equals - 1), sub(piece, equals + 1)
end

--- The pair that begins at a place: `a=1&b=2`. A name alone has an empty value.
-- @tparam string text
-- @tparam number i     from 1
-- @treturn string      the name, still encoded; "" and "" between two `&`
-- @treturn string      the value, still encoded
-- @treturn number      where the next one begins; past the text, if none does
function _M.after(text, i)
  local stop = find(text, "&", i, true) or #text + 1
  local name, value = cut(sub(text, i, stop - 1))
  return name, value, stop + 1
end

--- Whether a query or form holds a `;`, at which some servers cut as at `&`
-- (HTML 4.01, appendix B.2.2): what is one value to us is two pairs to them.
function _M.has_second_separator(text)
  return find(text, ";", 1, true) ~= nil
end

--- The pair of cookies that begins at a place: `a=1; b=2`.
function _M.cookie_after(text, i)
  local stop = find(text, ";", i, true) or #text + 1
  local first = find(text, "[^ \t]", i) or stop
  local name, value = cut(sub(text, first, stop - 1))
  return (gsub(name, "[ \t]+$", "")), value, stop + 1
end

--- The pieces of a text between separators of one byte.
function _M.split(text, separator)
  local pieces, i = {}, 1
  while true do
    local stop = find(text, separator, i, true)
    if not stop then
      pieces[#pieces + 1] = sub(text, i)
      return pieces
    end
    pieces[#pieces + 1] = sub(text, i, stop - 1)
    i = stop + 1
  end
end

_M.cut = cut

return _M
