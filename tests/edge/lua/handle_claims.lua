--- What the edge relies on of a handle: each claim is answered in a line.
local _M = {}

local function names_of(headers)
  local names = {}
  for name, value in pairs(headers) do
    if name:sub(1, 2) == "x-" and not name:find("^x%-[efr]") then
      names[#names + 1] = name .. "=" .. value
    end
  end
  table.sort(names)
  return table.concat(names, " ")
end

--- Of the handle of a request with the fields that test_fake_handle.py sends.
function _M.of_request(handle)
  local headers = handle:headers()
  local metadata = handle:streamInfo():dynamicMetadata()
  local said = {}
  local function say(claim, value)
    said[#said + 1] = claim .. ": " .. tostring(value)
  end
  say("a field", headers:get("x-one"))
  say("a field in another case", headers:get("X-One"))
  say("a field that is not there", headers:get("x-none"))
  say("a field that was sent twice", headers:get("x-twice"))
  say("how often it was sent", headers:getNumValues("X-Twice"))
  say("the second time", headers:getAtIndex("x-twice", 1))
  say("how often what is not there was sent", headers:getNumValues("x-none"))
  say("a field that was sent empty", headers:get("x-empty"))
  say("the method", headers:get(":method"))
  say("all fields", names_of(headers))
  headers:add("x-added", "a")
  say("a field that was added", headers:get("x-added"))
  headers:add("x-added", "b")
  say("a field that was added twice", headers:get("x-added"))
  headers:replace("x-one", "other")
  say("a field that was replaced", headers:get("x-one"))
  headers:replace("x-new", "new")
  say("a field that was replaced and not there", headers:get("x-new"))
  headers:remove("X-Twice")
  say("a field that was removed", headers:get("x-twice"))
  headers:remove("x-none")
  say("metadata that is not there", metadata:get("forecourt"))
  metadata:set("forecourt", "admit", "yes 1 2 3 constant")
  metadata:set("forecourt", "reason", "none")
  say("metadata", metadata:get("forecourt").admit)
  say("other metadata in one place", metadata:get("forecourt").reason)
  say("metadata of another place", metadata:get("other"))
  say("the route's name", handle:streamInfo():routeName())
  local policy = handle:metadata():get("policy")
  say("the route's metadata", policy and policy.api)
  say("a list in it", policy and #policy.allow .. policy.allow[2])
  say("a number in it", policy and policy.sunset)
  say("a truth in it", policy and policy.by_header == false)
  say("other metadata of the route", handle:metadata():get("none"))
  local body = handle:body()
  say("the body's size", body and body:length())
  say("its bytes", body and body:getBytes(0, body:length()))
  say("some of its bytes", body and body:getBytes(1, 2))
  return table.concat(said, "\n")
end

--- Of the handle of an answer: its body is replaced, and a field.
function _M.of_answer(handle)
  local body = handle:body() -- waits; fields that were held before are dead
  local headers = handle:headers()
  local said = "status " .. headers:get(":status")
  said = said .. ", body " .. tostring(body and body:length())
  said = said .. ", mark "
    .. handle:streamInfo():dynamicMetadata():get("forecourt").admit
  if body then
    body:setBytes("another body")
    headers:replace("content-length", "12")
  end
  headers:replace(":status", "502")
  headers:replace("x-said", said)
end

return _M
