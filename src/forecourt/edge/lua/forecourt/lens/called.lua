--- What functions of the estate make of a body, in the place of a program.
local bodies = require("forecourt.lens.bodies")
local functions = require("forecourt.functions")
local values = require("forecourt.lens.values")

local _M = {}

local tostring = tostring

-- `inside` is the function's reason, for those who may read it.
local function refused(rule, expected, inside)
  local fault = { pointer = "", rule = rule, expected = expected }
  return "refused", { faults = { fault }, inside = inside }
end

-- A body that is larger or deeper than it may be.
local function too_much(why, limits)
  return refused(why, limits[why] and tostring(limits[why]))
end

--- Has a function change the body of a message. What stood on the tape before
-- is gone after it, and so are headers; places in the body are those of what
-- the function made (`is_made`).
-- @tparam table called   `file` and `name`
-- @tparam table message  `body`, its slot; `turns`
-- @tparam table limits   of forecourt.json.reader
-- @treturn string|nil    why not: "refused", because nothing becomes of the
--   body, or "failed"
-- @treturn table|nil     `faults`, `inside`
function _M.change(handle, called, message, limits)
  local text, beyond = bodies.text(message.body, limits)
  if not text then
    return too_much(beyond, limits)
  end
  local made, said = functions.run(handle, called, text, message.turns)
  message.is_made = true
  message.body = 0
  values.begin(0, 0)
  if said then
    return refused("function", nil, said)
  elseif not made then
    return "failed"
  end
  local slot, broken = bodies.read(made, limits)
  if not slot then
    return too_much(broken, limits)
  end
  message.body = slot
  return nil
end

--- Says of faults in a body where they are: at no place that its sender knows,
-- once a function has made another of it.
function _M.place(message, about)
  for _, fault in ipairs(message.is_made and about and about.faults or {}) do
    if fault.where == "body" or fault.where == "answer" then
      fault.pointer = fault.pointer and ""
    end
  end
end

return _M
