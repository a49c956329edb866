--- Compiled lenses, loaded by digest when first asked for.
local buffer = require("string.buffer")
local clock = require("forecourt.clock")
local ready = require("forecourt.lens.ready")

local decode, open, pcall, type = buffer.decode, io.open, pcall, type
local ipairs = ipairs

local _M = {}

local FOLDER = "contracts/"
-- What the tables below hold (forecourt.compiler.lenses.compile).
local FORMAT = 1
-- A publish names anew what it changes; so many are kept before all go.
local MOST = 2000
-- One that could not be loaded is looked for again after so long (seconds).
local RETRY = 1

local known, count = {}, 0

local IN_BODY = { body = true }

-- Whether moves touch the body on their way.
local function touch_body(moves)
  for _, move in ipairs(moves or {}) do
    if IN_BODY[move.source] or IN_BODY[move.target] then
      return true
    end
  end
  return false
end

local function ready_hop(hop, lenses)
  hop.request = lenses.programs[hop.request]
  for status, number in pairs(hop.answers or {}) do
    hop.answers[status] = lenses.programs[number]
  end
  hop.in_places = {}
  for where, steps in pairs(hop.parameters or {}) do
    ready.steps(steps)
    hop.in_places[#hop.in_places + 1] = { where = where, steps = steps }
  end
  for _, moves in ipairs({
    hop.moves or {},
    hop.arrives or {},
    hop.answer_moves or {},
  }) do
    ready.moves(moves)
  end
  return hop.request ~= nil or touch_body(hop.moves) or touch_body(hop.arrives)
end

-- What an operation needs that goes through functions of the estate.
local function ready_functions(operation, functions)
  if not functions then
    return
  end
  operation.needs_functions = true
  operation.raises_body = operation.raises_body or functions.raises ~= nil
  operation.needs_body = operation.needs_body or functions.raises ~= nil
end

local function made_ready(lenses)
  lenses.by_name = {}
  for _, program in ipairs(lenses.programs) do
    ready.program(program)
  end
  for number, operation in ipairs(lenses.operations) do
    operation.number = number
    lenses.by_name[operation.name] = operation
    for _, hop in ipairs(operation.hops or {}) do
      operation.needs_body = ready_hop(hop, lenses) or operation.needs_body
      operation.raises_body = hop.request ~= nil or operation.raises_body
      ready_functions(operation, hop.functions)
    end
  end
  return lenses
end

local function load(digest)
  local file = open(FOLDER .. digest, "rb")
  if not file then
    return nil
  end
  local content = file:read("*a")
  file:close()
  local is_whole, loaded = pcall(decode, content or "")
  if not is_whole or type(loaded) ~= "table" or loaded.format ~= FORMAT then
    return nil
  end
  local is_ready, lenses = pcall(made_ready, loaded)
  return is_ready and lenses or nil
end

--- The lenses of a version.
-- @tparam string digest
-- @treturn table|nil  `operations`, also by their names in `by_name`; `trie`;
--   `ways_back`; nil where they are not there, or nothing that this release can
--   read
function _M.of(digest)
  local found = known[digest]
  if found and (found.operations or clock.monotonic() < found.again) then
    return found.operations and found or nil
  end
  local loaded = load(digest)
  if count >= MOST then
    known, count = {}, 0
  end
  if not known[digest] then
    count = count + 1
  end
  known[digest] = loaded or { again = clock.monotonic() + RETRY }
  return loaded
end

return _M
