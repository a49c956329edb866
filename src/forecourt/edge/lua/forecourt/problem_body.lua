--- Problems as they leave (RFC 9457): the JSON of what forecourt.problems says.
local fault_list = require("forecourt.fault_list")
local is_utf8 = require("forecourt.json.utf8").is_sound
local problems = require("forecourt.problems")

local _M = {}

_M.TYPE = "application/problem+json"

local URN = "urn:forecourt:problem:"

-- What is said besides, where it is known (RFC 9457, section 3.2): of a version
-- that is not served.
local MEMBERS = { "sunset", "successor", "guide" }

local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\" }

-- What is no UTF-8 is told byte by byte.
local function quoted(text)
  -- Most of what is said needs no more than a look.
  if not text:find("[^%w %-_.,:;/`()]") then
    return '"' .. text .. '"'
  end
  local special = is_utf8(text) and '[%c"\\\127]' or '[%c"\\\127-\255]'
  local plain = text:gsub(special, function(c)
    return ESCAPES[c] or ("\\u%04x"):format(c:byte())
  end)
  return '"' .. plain .. '"'
end

--- A problem as JSON.
-- @tparam string reason
-- @tparam table about  request_id; status, where it is not the problem's own;
--   is_mesh; is_detailed, and then api and team; detail; inside, which only
--   those read of whom is_detailed is true; faults; is_done;
--   versions, a list of names; MEMBERS
function _M.of(reason, about)
  local problem = problems.of(reason)
  local detail = about.is_mesh and problem.mesh_detail or problem.detail
  if about.is_detailed then
    detail = problems.inside(reason) or detail
  end
  detail = about.detail or detail
  if about.is_detailed and about.inside then
    detail = (about.detail and about.detail .. " " or "") .. about.inside
  end
  local fields = {
    '"type":' .. quoted(URN .. problem.name),
    '"title":' .. quoted(problem.title),
    '"status":' .. (about.status or problem.status),
    '"detail":' .. quoted(detail),
    '"request_id":' .. quoted(about.request_id or ""),
  }
  for _, name in ipairs(MEMBERS) do
    if about[name] then
      fields[#fields + 1] = quoted(name) .. ":" .. quoted(about[name])
    end
  end
  if about.versions then
    local names = {}
    for i, name in ipairs(about.versions) do
      names[i] = quoted(name)
    end
    fields[#fields + 1] = '"versions":[' .. table.concat(names, ",") .. "]"
  end
  if about.is_done then
    fields[#fields + 1] = '"done":true'
  end
  if problem.lists_faults then
    fields[#fields + 1] = '"faults":' .. fault_list.json(about.faults)
  end
  if about.is_detailed then
    fields[#fields + 1] = '"reason":' .. quoted(reason)
    if about.api then
      fields[#fields + 1] = '"api":' .. quoted(about.api)
      fields[#fields + 1] = '"owner":' .. quoted(about.team)
    end
  end
  return "{" .. table.concat(fields, ",") .. "}"
end

return _M
