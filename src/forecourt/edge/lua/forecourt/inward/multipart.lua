--- The parts of a multipart body (RFC 2046, section 5.1; RFC 7578). Strict:
-- what two readers could cut at different places is refused.
local find, gsub, gmatch = string.find, string.gsub, string.gmatch
local lower, match, sub = string.lower, string.match, string.sub

local _M = {}

local BOUNDARY = "^[%w'()+_,./:=? -]+$"
local LONGEST_BOUNDARY = 70
local LONGEST_HEAD = 8192
local MOST_FIELDS = 16

--- Whether a text may be a boundary.
function _M.is_boundary(text)
  return text ~= nil
    and #text > 0
    and #text <= LONGEST_BOUNDARY
    and find(text, BOUNDARY) ~= nil
    and sub(text, -1) ~= " "
end

-- The fields above a part, by name in small letters; nil where one comes twice
-- or is none.
local function fields_of(head)
  local fields, count = {}, 0
  -- What ends no line for us may end one for others.
  if find((gsub(head, "\r\n", "")), "[\r\n]") then
    return nil
  end
  for line in gmatch(head, "([^\r\n]*)\r\n") do
    local name, value = match(line, "^([%w-]+):[ \t]*(.-)[ \t]*$")
    count = count + 1
    if not name or fields[lower(name)] or count > MOST_FIELDS then
      return nil
    end
    fields[lower(name)] = value
  end
  return fields
end

local ESCAPED = { ["%22"] = '"', ["%0D"] = "\r", ["%0A"] = "\n" }

-- The name of a part, and whether it is a file (RFC 7578, section 4.2).
local function disposition(value)
  local kind, rest = match(value or "", "^([%w-]+)[ \t]*(.*)$")
  if not kind or lower(kind) ~= "form-data" then
    return nil
  end
  local parameters = {}
  while rest ~= "" do
    local name, text, after = match(rest, '^;[ \t]*([%w*-]+)="([^"]*)"(.*)$')
    if not name then
      name, text, after = match(rest, "^;[ \t]*([%w*-]+)=([%w._-]+)(.*)$")
    end
    -- `filename*` is not for forms, and would be a second name of a file.
    if not name or find(name, "*", 1, true) or parameters[lower(name)] then
      return nil
    end
    parameters[lower(name)], rest = text, after
  end
  local name = parameters.name
  if not name or find(name, "\\", 1, true) then
    return nil
  end
  return gsub(name, "%%%x%x", ESCAPED), parameters.filename ~= nil
end

local ENCODINGS = { ["7bit"] = true, ["8bit"] = true, binary = true }

local function part_of(head, content)
  local fields = fields_of(head)
  if not fields then
    return nil
  end
  local name, is_file = disposition(fields["content-disposition"])
  local encoding = fields["content-transfer-encoding"]
  if not name or (encoding and not ENCODINGS[lower(encoding)]) then
    return nil
  end
  return {
    name = name,
    is_file = is_file,
    type = fields["content-type"],
    content = content,
  }
end

--- Cuts a body into its parts.
-- @tparam string text      the body
-- @tparam string boundary  one that is_boundary
-- @tparam number most      so many parts, and no more
-- @treturn table|nil       of { name, is_file, type = Content-Type or nil,
--   content }
-- @treturn string|nil      why not: "multipart" or "parts"
function _M.parts(text, boundary, most)
  local opening = "--" .. boundary
  local delimiter = "\r\n" .. opening
  if sub(text, 1, #opening) ~= opening then
    return nil, "multipart"
  end
  local parts, i = {}, #opening + 1
  while sub(text, i, i + 1) == "\r\n" do
    if #parts >= most then
      return nil, "parts"
    end
    local _, last = find(text, "\r\n\r\n", i, true)
    if not last or last - i > LONGEST_HEAD then
      return nil, "multipart"
    end
    local stop, after = find(text, delimiter, last + 1, true)
    if not stop then
      return nil, "multipart"
    end
    local content = sub(text, last + 1, stop - 1)
    if
      find(content, "\n" .. opening, 1, true)
      or find(content, "\r" .. opening, 1, true)
      or sub(content, 1, #opening) == opening
    then
      return nil, "multipart" -- others may cut there
    end
    local part = part_of(sub(text, i + 2, last - 2), content)
    if not part then
      return nil, "multipart"
    end
    parts[#parts + 1] = part
    i = after + 1
  end
  local rest = sub(text, i)
  if #parts == 0 or (rest ~= "--" and rest ~= "--\r\n") then
    return nil, "multipart"
  end
  return parts
end

return _M
