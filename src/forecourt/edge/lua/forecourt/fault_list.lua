--- The faults of a request as its problem lists them: where, which rule, what
-- was expected; never a value that was sent.
local _M = {}

local byte, find, gsub, sub = string.byte, string.find, string.gsub, string.sub
local concat = table.concat

--- So many are told; a request with more is told these.
_M.MOST = 32

-- A name that nobody declared is the caller's own: it fills no answer.
local LONGEST = 64

local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\" }

-- Texts here are UTF-8: names that were checked, and the contract's own words.
local function quoted(text)
  if find(text, '[%c"\\]') then
    text = gsub(text, '[%c"\\]', function(c)
      return ESCAPES[c] or ("\\u%04x"):format(byte(c))
    end)
  end
  return '"' .. text .. '"'
end

local function short(name)
  if #name <= LONGEST then
    return name
  end
  local last = LONGEST
  while last > 0 and find(sub(name, last + 1, last + 1), "^[\128-\191]") do
    last = last - 1
  end
  return sub(name, 1, last) .. "\226\128\166"
end

local function member(out, name, text)
  if text then
    out[#out + 1] = '"' .. name .. '":' .. quoted(text)
  end
end

local function spelled(fault)
  local out = {}
  member(out, "in", fault.where)
  member(out, "name", fault.name and short(fault.name))
  member(out, "pointer", fault.pointer)
  member(out, "rule", fault.rule)
  member(out, "expected", fault.expected)
  if fault.byte then
    out[#out + 1] = '"byte":' .. fault.byte
  end
  return "{" .. concat(out, ",") .. "}"
end

--- Faults as a JSON list.
-- @tparam table|nil faults  of { where, name, pointer, rule, expected, byte },
--   of which `where` and `rule` are always there
function _M.json(faults)
  local out = {}
  for i = 1, math.min(faults and #faults or 0, _M.MOST) do
    out[i] = spelled(faults[i])
  end
  return "[" .. concat(out, ",") .. "]"
end

return _M
