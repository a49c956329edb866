--- Whether a path reads the same to everybody. Envoy has normalised it; what
-- is still encoded must not turn into a separator or a dot segment in a server
-- behind us that decodes once more, or folds letters that look alike.
local find, gsub, gmatch = string.find, string.gsub, string.gmatch
local byte, char, tonumber = string.byte, string.char, tonumber

local _M = {}

-- `%`, `/`, `;` and `\`: what a second reading would take for syntax.
local SYNTAX = { [37] = true, [47] = true, [59] = true, [92] = true }

-- Letters that NFKC or a best-fit table takes for `.`, `/`, `;`, `\` or `%`.
local LOOK_ALIKE = {
  "\205\190", -- U+037E
  "\226\128\164", -- U+2024
  "\226\128\165", -- U+2025
  "\226\129\132", -- U+2044
  "\226\136\149", -- U+2215
  "\226\136\150", -- U+2216
  "\239\185\146", -- U+FE52
  "\239\185\148", -- U+FE54
  "\239\185\168", -- U+FE68
  "\239\185\170", -- U+FE6A
  "\239\188\133", -- U+FF05
  "\239\188\142", -- U+FF0E
  "\239\188\143", -- U+FF0F
  "\239\188\155", -- U+FF1B
  "\239\188\188", -- U+FF3C
}

-- How many bytes follow a first byte, and the least the second may be: shorter
-- spellings of a letter than its shortest, and surrogates, are none (RFC 3629).
local function follows(first, second)
  if first < 0xC2 or first > 0xF4 then
    return nil
  elseif first < 0xE0 then
    return 1
  elseif first < 0xF0 then
    local is_long = first ~= 0xE0 or second >= 0xA0
    return is_long and (first ~= 0xED or second < 0xA0) and 2 or nil
  end
  local is_long = first ~= 0xF0 or second >= 0x90
  return is_long and (first ~= 0xF4 or second < 0x90) and 3 or nil
end

local function is_utf8(text)
  local i, size = 1, #text
  while i <= size do
    local first = byte(text, i)
    if first < 0x80 then
      i = i + 1
    else
      local more = follows(first, byte(text, i + 1) or 0)
      if not more then
        return false
      end
      for j = i + 1, i + more do
        local next_byte = byte(text, j)
        if not next_byte or next_byte < 0x80 or next_byte > 0xBF then
          return false
        end
      end
      i = i + more + 1
    end
  end
  return true
end

local function decoded(path)
  for hex in gmatch(path, "%%(.?.?)") do
    local code = find(hex, "^%x%x$") and tonumber(hex, 16)
    if not code or code < 32 or code == 127 or SYNTAX[code] then
      return nil
    end
  end
  return (gsub(path, "%%(%x%x)", function(hex)
    return char(tonumber(hex, 16))
  end))
end

local function reads_one_way(path)
  local text = decoded(path)
  if not text or not is_utf8(text) then
    return false
  end
  for i = 1, #LOOK_ALIKE do
    if find(text, LOOK_ALIKE[i], 1, true) then
      return false
    end
  end
  for segment in gmatch(text, "[^/]+") do
    -- Some servers drop what follows a semicolon, some file systems spaces.
    if find(segment, "^ *%.%.? *$") or find(segment, "^ *%.%.? *;") then
      return false
    end
  end
  return true
end

--- Whether a path, with its query, reads one way only.
function _M.is_plain(path)
  local escape = find(path, "%", 1, true)
  local dots = find(path, ".;", 1, true)
  if not escape and not dots then
    return true
  end
  local query = find(path, "?", 1, true)
  if not query then
    return reads_one_way(path)
  end
  return (not escape or query < escape) and (not dots or query < dots)
    or reads_one_way(path:sub(1, query - 1))
end

return _M
