--- Whether a caller holds what an operation demands.
local gmatch = string.gmatch

local _M = {}

-- What each caller's terms hold, as a set: terms are few and shared.
local held = setmetatable({}, { __mode = "k" })

local function set_of(terms)
  local set = held[terms]
  if not set then
    set = {}
    for scope in gmatch(terms.scopes, "%S+") do
      set[scope] = true
    end
    held[terms] = set
  end
  return set
end

local function holds(terms, alternative)
  local is_users = alternative.is_users
  if terms.has_all_scopes then
    return not is_users
  elseif is_users and terms.needs_no_user then
    return false -- another credential beside it holds none (forecourt.together)
  end
  local set, all = set_of(terms), alternative.all
  for i = 1, #all do
    if not set[all[i]] then
      return false
    end
  end
  return true
end

--- Whether one of the alternatives is held whole.
-- @tparam table terms         the caller's
-- @tparam table alternatives  forecourt.compiler.contracts.scopes
-- @treturn table|nil          the first alternative, where none is held
function _M.lacking(terms, alternatives)
  local count = #alternatives
  for i = 1, count do
    if holds(terms, alternatives[i]) then
      return nil
    end
  end
  return alternatives[1]
end

return _M
