--- Scalars that change their place in a message: from a parameter into the
-- body, out of it, or from one parameter to another.
local contract_faults = require("forecourt.contract.faults")
local digits = require("forecourt.lens.digits")
local memory = require("forecourt.json.memory")
local numbers = require("forecourt.json.numbers")
local places = require("forecourt.lens.places")
local texts = require("forecourt.lens.texts")
local utf8 = require("forecourt.json.utf8")
local values = require("forecourt.lens.values")

local find = string.find
local STRING, BOOLEAN, NULL = memory.STRING, memory.BOOLEAN, memory.NULL
local INTEGER, FRACTION = memory.INTEGER, memory.FRACTION

local _M = {}

-- A number as JSON writes it (RFC 8259, section 6).
local function is_number(text)
  local mantissa = text:match("^(.-)[eE][+-]?%d+$") or text
  return digits.is_decimal(mantissa)
end

-- By type: the entry of a text as a value of it, or nil.
local made = {}

function made.string(text)
  return utf8.is_sound(text) and texts.text(text) or nil
end

function made.boolean(text)
  if text == "true" or text == "false" then
    return texts.add(BOOLEAN, text)
  end
end

function made.integer(text)
  if find(text, "^%-?%d+$") and is_number(text) then
    return texts.add(INTEGER, text)
  end
end

function made.number(text)
  if is_number(text) then
    return texts.add(numbers.is_integer(text) and INTEGER or FRACTION, text)
  end
end

-- What the member of a body is as a text: nil where it is none, and true where
-- something is there that has none.
local function member(body, name)
  if body == 0 or values.kind[body] ~= memory.OBJECT then
    return nil
  end
  values.open(body)
  local part = values.find(body, name)
  if part == 0 then
    return nil
  end
  local number = values.entry[part]
  if number < 0 or values.kind[part] >= memory.ARRAY then
    return nil, true, part
  elseif values.kind[part] == NULL then
    return nil, true, part
  end
  return memory.text(memory.from[number], memory.to[number]), false, part
end

local function wrong_at(move, part)
  if move.source == "body" then
    local pointer = part and contract_faults.pointer(values.origin[part])
    return { where = "body", pointer = pointer or "", rule = "move" }
  end
  return { where = move.source, name = move.name, rule = "move" }
end

-- Whether the body is an object whose members can be touched, or is made one.
local function open_body(message)
  if message.body == 0 and message.may_have_body then
    message.body = values.new(-1, values.OBJECT, -1, 0)
    message.is_new = true
    values.grow()
  end
  if message.body == 0 or values.kind[message.body] ~= values.OBJECT then
    return false
  end
  values.open(message.body)
  return true
end

-- Puts a text where it goes; false where it cannot stand there.
local function put(move, message, text)
  if move.target ~= "body" then
    return places[move.target].set(message, move.to, text)
  end
  local number = made[move.type](text)
  if not number or not open_body(message) then
    return false
  end
  values.take(message.body, move.to_name)
  values.add(message.body, number, texts.key(move.to_name), 0)
  values.grow()
  return true
end

local function take_away(move, message)
  if move.source == "body" then
    values.take(message.body, move.from_name)
  else
    places[move.source].drop(message, move.name)
  end
end

local function give_up(move, message, part)
  if move.on_loss == "refuse" then
    return wrong_at(move, part)
  end
  take_away(move, message)
  if move.on_loss == "null" and move.target == "body" then
    if open_body(message) then
      local key = texts.key(move.to_name)
      values.take(message.body, move.to_name)
      values.add(message.body, texts.add(NULL, "null"), key, 0)
      values.grow()
    end
  end
  return nil
end

local function apply(move, message)
  local text, is_unclear, part
  if move.source == "body" then
    text, is_unclear, part = member(message.body, move.from_name)
  else
    text, is_unclear = places[move.source].get(message, move.name)
  end
  if not text then
    return is_unclear and give_up(move, message, part) or nil
  elseif not put(move, message, text) then
    return give_up(move, message, part)
  end
  if move.source ~= move.target or move.name ~= move.to then
    take_away(move, message)
  end
  return nil
end

--- Does moves.
-- @tparam table|nil moves
-- @tparam table message  as forecourt.lens.parameters has it; `body`: its slot,
--   0 where there is none; `may_have_body`: one may be made then, and `is_new`
--   says that it was
-- @treturn table|nil     what cannot be said
function _M.apply(moves, message)
  for i = 1, moves and #moves or 0 do
    local wrong = apply(moves[i], message)
    if wrong then
      return wrong
    end
  end
  return nil
end

return _M
