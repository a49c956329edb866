--- Raises a request of an older version to the version that the service speaks:
-- parameters, body, path and method, version by version.
local bodies = require("forecourt.lens.bodies")
local lenses_of = require("forecourt.lenses").of
local media_types = require("forecourt.inward.media_types")
local moves = require("forecourt.lens.moves")
local operations = require("forecourt.operations")
local parameters = require("forecourt.lens.parameters")
local places = require("forecourt.lens.places")
local program = require("forecourt.lens.program")
local values = require("forecourt.lens.values")

local find, gsub, lower, match, sub =
  string.find, string.gsub, string.lower, string.match, string.sub
local concat = table.concat
local tostring = tostring

local _M = {}

-- Newer methods that carry no body: an empty object that is left of one goes.
local BODILESS = { GET = true, HEAD = true }

-- Reasons that are a measure, as forecourt.inward.bodies tells them.
local MEASURES = { bytes = true, depth = true, keys = true }

local function unreadable(why, byte, limits)
  if why == "bytes" then
    return "body-too-large"
  end
  local expected = MEASURES[why] and tostring(limits[why]) or nil
  local fault = { where = "body", pointer = "", rule = why }
  fault.expected, fault.byte = expected, byte
  return "body-unparseable", { faults = { fault } }
end

local function lost(fault)
  return "not-representable", { faults = { fault } }
end

local function lost_in_body()
  local fault = bodies.lost()
  fault.where = "body"
  return lost(fault)
end

-- Whether what the request carries is JSON that can be read as it came.
local function is_readable(headers)
  local sent = headers:get("content-type")
  local essence = sent and match(lower(sent), "^%s*([^;,%s]*)")
  return essence ~= nil and media_types.is_json(essence)
end

local function is_coded(headers)
  local coding = headers:get("content-encoding")
  return coding ~= nil and lower(coding) ~= "identity"
end

local function read_text(message, text, limits)
  local slot, why, byte = bodies.read(text, limits)
  if not slot then
    return unreadable(why, byte, limits)
  end
  message.body = slot
  return nil
end

-- What a body is that is no JSON: none of those that are raised as a whole,
-- which a contract has as JSON alone; lenses that move members find none in it.
local function pass_by(handle, message, operation)
  values.begin(0, 0)
  message.may_have_body = message.headers:get("content-type") == nil
  if not operation.raises_body then
    return nil
  end
  local body = handle:body()
  message.headers = handle:headers() -- to wait ends those from before
  if body and body:length() > 0 then
    return "media-type-not-supported"
  end
  return nil
end

-- Reads the body of a message, if it has one that lenses can touch.
local function read_body(handle, message, operation, limits)
  if not is_readable(message.headers) then
    return pass_by(handle, message, operation)
  elseif is_coded(message.headers) then
    local fields = { ["accept-encoding"] = "identity" }
    return "media-type-not-supported", { fields = fields }
  end
  local body = handle:body()
  message.headers = handle:headers() -- to wait ends those from before
  local size = body and body:length() or 0
  if size == 0 then
    values.begin(0, 0)
    return nil
  elseif size > limits.bytes then
    return "body-too-large"
  end
  return read_text(message, body:getBytes(0, size), limits)
end

-- The parameters of the path, by the names of the next version.
local function renamed_path(hop, message)
  local path = {}
  for _, names in ipairs(hop.path) do
    local newer, older = names[1], names[2]
    local value = message.path[newer] or message.path[older]
    if not value then
      return parameters.fault("path", older, "required")
    end
    path[newer] = value
  end
  message.path = path
  return nil
end

local function raise_by(hop, message)
  local wrong = parameters.apply(hop, message)
    or moves.apply(hop.moves, message)
  if wrong then
    return lost(wrong)
  end
  if hop.request and message.body ~= 0 then
    if not program.apply(hop.request, message.body) then
      return lost_in_body()
    end
  end
  wrong = moves.apply(hop.arrives, message) or renamed_path(hop, message)
  if wrong then
    return lost(wrong)
  end
  return nil
end

local function write_body(handle, message, method, limits)
  local slot = message.body
  if slot == 0 then
    return nil
  end
  local text, why = bodies.text(slot, limits)
  if not text then
    return unreadable(why, nil, limits)
  end
  if BODILESS[method] and text == "{}" then
    text = ""
  end
  handle:body(true):setBytes(text)
  local headers = handle:headers()
  headers:replace("content-length", tostring(#text))
  if text == "" then
    headers:remove("content-type")
  elseif message.is_new then
    headers:replace("content-type", "application/json")
  end
  return nil
end

local function filled(pieces, path)
  local out = {}
  for i, piece in ipairs(pieces) do
    out[i] = piece.name and path[piece.name] or piece
  end
  return concat(out)
end

-- Whether a path means the operation there, and no other: what a parameter of
-- the older path took may be a word of the newer, or dots that lead elsewhere.
local function arrives(operation, method, path)
  local plain = gsub(gsub(path, "%%2[eE]", "."), "%%3[bB]", ";")
  if find("/" .. plain .. "/", "/%.%.?[/;]") then
    return false
  end
  local arrival = operation.arrival
  return not arrival or operations.match(arrival, method, path) == 1
end

-- What the rest of the way in, and the upstream, are told of a raised request.
local function send_as(handle, message, operation, method, path)
  local newer_path = filled(operation.pieces, message.path)
  if not arrives(operation, operation.method, newer_path) then
    return nil, "no-such-operation"
  end
  local headers = handle:headers()
  local query = places.query_text(message)
  message.headers = headers
  places.write_cookies(message)
  if message.has_other_query then
    -- The path is the route's to rewrite, and Envoy keeps the query.
    headers:replace("forecourt-path", path)
    local plain = sub(path, 1, (find(path, "?", 1, true) or 0) - 1)
    headers:replace(":path", query == "" and plain or plain .. "?" .. query)
  end
  local newer = operation.method
  if method == "HEAD" and newer == "GET" then
    newer = "HEAD"
  end
  if newer ~= method then
    headers:replace("forecourt-method", method)
    headers:replace(":method", newer)
  end
  return { path = newer_path, number = operation.number }
end

-- What each parameter of the older path took, by its name.
local function path_of(names, took)
  local path = {}
  for i, name in ipairs(names) do
    path[name] = took[i]
  end
  return path
end

--- The operation that lenses know: by the name that the contract has found, or
-- else by its path.
-- @tparam table version  the request's, with lenses
-- @tparam string|nil name
-- @tparam string method
-- @tparam string path    below the version's prefix
-- @treturn table|nil     the operation
-- @treturn string|table  what its path took, where it was found by that; or why
--   there is none: "contract-missing", "no-such-operation",
--   "method-not-declared", "operation-gone", or "cannot-judge" where functions
--   of the estate would have to say it
-- @treturn table|nil     what the refusal says besides
function _M.operation(version, name, method, path)
  local lenses = lenses_of(version.lens)
  if not lenses then
    return nil, "contract-missing"
  end
  local operation, took = name and lenses.by_name[name], nil
  if not operation then
    local number, found, allow = operations.match(lenses, method, path)
    if not number then
      return nil, found, allow and { fields = { allow = allow } }
    end
    operation, took = lenses.operations[number], found
  end
  if operation.gone then
    local because = operation.gone ~= "" and operation.gone .. "." or nil
    return nil, "operation-gone", { detail = because }
  elseif operation.needs_functions then
    return nil, "cannot-judge" -- nothing here runs them: never as it is
  end
  return operation, took
end

--- Raises a request that was judged. To read a body ends the headers that were
-- read before.
-- @tparam table operation  as above
-- @tparam table took       what each parameter of its path took, still encoded
-- @tparam string method
-- @tparam table limits     what the caller may send (forecourt.json.reader)
-- @tparam string|nil text  its body, where that was judged as JSON
-- @treturn table|nil     `path`: where the newer version has it, below its
--   base, without a query; `number` of the operation
-- @treturn string|nil    why not: "not-representable", "no-such-operation",
--   "body-unparseable", "body-too-large" or "media-type-not-supported"
-- @treturn table|nil     what the refusal says besides
function _M.raise(handle, operation, took, method, limits, text)
  local headers = handle:headers()
  local path = headers:get(":path")
  local question = find(path, "?", 1, true)
  local hops = operation.hops
  local message = {
    headers = headers,
    path = path_of(hops[1].names, took),
    query_text = question and sub(path, question + 1),
    body = 0,
    may_have_body = true,
  }
  local why, about
  if text and operation.needs_body then
    why, about = read_text(message, text, limits)
  elseif operation.needs_body then
    why, about = read_body(handle, message, operation, limits)
  else
    values.begin(0, 0)
  end
  for i = 1, #hops do
    if why then
      return nil, why, about
    end
    why, about = raise_by(hops[i], message)
  end
  if not why and operation.needs_body then
    why, about = write_body(handle, message, operation.method, limits)
  end
  if why then
    return nil, why, about
  end
  return send_as(handle, message, operation, method, path)
end

return _M
