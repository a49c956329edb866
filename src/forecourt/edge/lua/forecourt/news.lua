--- What changed at the control plane: a small file that its companion writes.
-- First line: which store speaks, and the number of its latest event. Then the
-- last events, `number kind value`. A worker that missed some forgets all.
local entitlements = require("forecourt.entitlements")
local strangers = require("forecourt.strangers")

local open = io.open

local _M = {}

local INTERVAL = 0.25 -- seconds between two looks

local path
local next_look = 0
local headline
local store
local seen = 0

local function unescaped(text)
  return (text:gsub("%%(%x%x)", function(hex)
    return string.char(tonumber(hex, 16))
  end))
end

local function apply(file, latest)
  local credentials, applications, consumers = {}, {}, {}
  local is_everything, expected = false, seen + 1
  for line in file:lines() do
    local number, kind, value = line:match("^(%d+) (%S+) (.*)$")
    number = tonumber(number)
    if number and number > seen then
      is_everything = is_everything or number ~= expected
      expected = number + 1
      value = unescaped(value)
      if kind == "credential" then
        credentials[value] = true
      elseif kind == "application" then
        applications[value] = true
      elseif kind == "consumer" then
        consumers[value] = true
      elseif kind ~= "address" then -- that is read in forecourt.blocks
        is_everything = true
      end
    end
  end
  if is_everything or expected ~= latest + 1 then
    entitlements.drop_everything()
  else
    entitlements.drop_all_of(credentials, applications, consumers)
  end
end

-- A withdrawal may stand where nothing can be read: whoever is known is asked
-- about again, and goes on only while nobody answers that either.
local function hear_nothing()
  entitlements.doubt_everything()
end

local function look()
  local file = open(path, "r")
  if not file then
    return hear_nothing()
  end
  local first = file:read("*l")
  if first ~= headline or not first then
    local said_by, number = (first or ""):match("^(%S+) (%d+)$")
    local latest = tonumber(number)
    if not latest then
      hear_nothing()
    else
      if said_by ~= store or latest < seen then
        entitlements.drop_everything()
      else
        apply(file, latest)
      end
      headline, store, seen = first, said_by, latest
      strangers.forget()
    end
  end
  file:close()
end

--- Says where the file is.
function _M.follow(news_path)
  path = news_path
end

--- Looks, if it is time to.
function _M.check(now)
  if next_look > now + INTERVAL then
    -- The clock was set back. What is fresh until a moment would be so for as
    -- much longer.
    entitlements.doubt_everything()
    next_look = 0
  end
  if now >= next_look then
    look()
    next_look = now + INTERVAL -- not before: what cannot look lets nobody in
  end
end

--- The number of the latest event this worker acted on.
function _M.seen()
  return seen
end

return _M
