--- Which operation of a contract a request means: forecourt.compiler.contracts
-- .trie says how the tree is built.
local find, gsub, sub = string.find, string.gsub, string.sub
local lower = string.lower
local byte, char, format, tonumber =
  string.byte, string.char, string.format, tonumber

local _M = {}

-- A path of more segments is in no contract that we compile fast.
local MOST = 64

local function decoded(segment)
  if not find(segment, "%", 1, true) then
    return segment
  end
  return (gsub(segment, "%%(%x%x)", function(hex)
    return char(tonumber(hex, 16))
  end))
end

local function encoded(text)
  return (gsub(text, "[^%w%-._~]", function(c)
    return format("%%%02X", byte(c))
  end))
end

-- Whether a byte goes on with the character before it (RFC 3629).
local function is_within_character(text, at)
  local found = byte(text, at)
  return found ~= nil and found >= 0x80 and found < 0xC0
end

-- What the parameters of a partial segment take: each literal at its first
-- possible place, each parameter at least one character.
local function taken(parts, segment)
  local first, last = parts[1], parts[#parts]
  local position, stop = #first, #segment - #last
  if
    position >= stop
    or sub(segment, 1, position) ~= first
    or sub(segment, stop + 1) ~= last
  then
    return nil
  end
  local values = {}
  for i = 2, #parts - 1 do
    local at = find(segment, parts[i], position + 2, true)
    -- A parameter takes whole characters, where nothing stands between two.
    while at and is_within_character(segment, at) do
      at = find(segment, parts[i], at + 1, true)
    end
    local behind = at and at + #parts[i] - 1
    if not at or behind > stop then
      return nil
    end
    values[#values + 1] = sub(segment, position + 1, at - 1)
    position = behind
  end
  if position >= stop then
    return nil
  end
  values[#values + 1] = sub(segment, position + 1, stop)
  return values
end

-- The node of the segments from `i`, with what parameters took in `values`:
-- as it came, or encoded again where it stands beside literals.
local function walk(node, segments, count, i, values, filled)
  if i > count then
    return node.methods and node or nil, filled
  end
  local raw = segments[i]
  local segment = decoded(raw)
  local literal = node.literals and node.literals[segment]
  if literal then
    local found, total = walk(literal, segments, count, i + 1, values, filled)
    if found then
      return found, total
    end
  end
  local partial = node.partial
  for each = 1, partial and #partial or 0 do
    local took = taken(partial[each].parts, segment)
    if took then
      for j = 1, #took do
        values[filled + j] = segment == raw and took[j] or encoded(took[j])
      end
      local found, total = walk(
        partial[each].node,
        segments,
        count,
        i + 1,
        values,
        filled + #took
      )
      if found then
        return found, total
      end
    end
  end
  if node.whole and segment ~= "" then
    values[filled + 1] = raw
    return walk(node.whole, segments, count, i + 1, values, filled + 1)
  end
  return nil
end

local function split(path)
  local segments, count, from = {}, 0, 1
  while count < MOST do
    count = count + 1
    local slash = find(path, "/", from, true)
    if not slash then
      segments[count] = sub(path, from)
      return segments, count
    end
    segments[count] = sub(path, from, slash - 1)
    from = slash + 1
  end
  return nil, 0
end

-- A segment as the laxest of servers reads it: without capitals, what follows
-- a semicolon, or dots and spaces at its end.
local function folded(raw)
  local text = gsub(decoded(raw), ";.*", "")
  return lower((gsub(text, "[ .]+$", "")))
end

local function hides(node, method)
  local hidden = node and node.hidden
  return hidden
    and (hidden[method] or hidden["*"] or method == "HEAD" and hidden.GET)
end

-- Whether a path that takes parameters is one that is hidden to servers that
-- read it laxly, also without what may be a format at its end.
local function is_shut(shut, method, segments, count)
  local laxly = {}
  for i = 1, count do
    laxly[i] = folded(segments[i])
  end
  if hides(walk(shut, laxly, count, 1, {}, 0), method) then
    return true
  end
  local bare, has_format = gsub(laxly[count], "%..*", "")
  laxly[count] = bare
  return has_format > 0
    and hides(walk(shut, laxly, count, 1, {}, 0), method)
end

--- The operation of a request.
-- @tparam table contract  the way in (forecourt.contracts)
-- @tparam string method
-- @tparam string path     below the version's prefix, without the query, still
--   encoded: no slash before it
-- @treturn number|nil     the operation's number
-- @treturn table|string   what each parameter of the path took, still encoded,
--   in the order of the template; without a number: "no-such-operation" or
--   "method-not-declared"
-- @treturn string|nil     with the latter, the methods that there are
function _M.match(contract, method, path)
  local segments, count = split(path)
  if not segments then
    return nil, "no-such-operation"
  end
  local values = {}
  local node, filled = walk(contract.trie, segments, count, 1, values, 0)
  if not node or not node.allow then
    return nil, "no-such-operation"
  elseif
    contract.shut
    and filled > 0
    and is_shut(contract.shut, method, segments, count)
  then
    return nil, "no-such-operation"
  end
  local number = node.methods[method]
    or method == "HEAD" and node.methods.GET
  if not number then
    return nil, "method-not-declared", node.allow
  end
  -- What was tried in vain may have left something behind.
  for i = #values, filled + 1, -1 do
    values[i] = nil
  end
  return number, values
end

return _M
