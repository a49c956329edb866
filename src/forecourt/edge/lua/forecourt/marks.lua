--- What the mark of an admitted request says to the way out
-- (forecourt.admission writes it).
local contracts = require("forecourt.contracts")
local lenses_of = require("forecourt.lenses").of

local _M = {}

-- What is said of one request alone stands at the end.
local BESIDES = { " place", " head", " test" }

-- Held to nothing. What reads as neither lets no answer out.
local FREE = "^yes %l+$"
-- What was raised, by which lenses, as which operation of theirs.
local RAISED = "^(.+) by (%x+) (%d+)$"
local HELD = "^yes (%l+) (%l+) (%x+) (%d+) ([^%s@]+)@(%S*)$"

-- A publish names anew what it changes; so many are kept before all go.
local MOST = 20000

local known, count = {}, 0

contracts.forget_with(function()
  known, count = {}, 0
end)

local NOTHING, NOTHING_BUT_A_PLACE = {}, { has_place = true }

local function ends_with(text, ending)
  return text:sub(-#ending) == ending
end

-- The mark without what is said of its request alone, and that.
local function split(mark)
  local said = {}
  for i = 1, #BESIDES do
    local word = BESIDES[i]
    if ends_with(mark, word) then
      said[word] = true
      mark = mark:sub(1, -#word - 1)
    end
  end
  return mark, said
end

-- Lenses are never left out: an answer that was to be lowered does not leave as
-- it is.
local function lens_of(digest, number)
  local lenses = lenses_of(digest)
  assert(lenses, "the lenses of the mark are not there")
  return assert(lenses.operations[tonumber(number)]), lenses
end

local function read(whole)
  local mark, said = split(whole)
  local is_head, is_test = said[" head"] ~= nil, said[" test"] ~= nil
  local has_place = said[" place"] ~= nil
  local plain, lens_digest, lens_number = mark:match(RAISED)
  local lens, lenses
  if plain then
    mark = plain
    lens, lenses = lens_of(lens_digest, lens_number)
  end
  local errors, check, digest, number, api, version = mark:match(HELD)
  if not errors then
    assert(mark:find(FREE), "a mark that says nothing")
    if not lens then
      return has_place and NOTHING_BUT_A_PLACE or NOTHING
    end
    return {
      has_place = has_place,
      is_detailed = mark == "yes detailed",
      is_head = is_head,
      is_test = is_test,
      lens = lens,
      lenses = lenses,
    }
  end
  local contract = contracts.of(digest)
  return {
    check = check,
    has_place = has_place,
    is_detailed = errors == "detailed",
    is_head = is_head,
    is_test = is_test,
    api = api,
    version = version,
    -- nil where the edge has not got it
    contract = contract,
    operation = contract and contract.operations[tonumber(number)],
    lens = lens,
    lenses = lenses,
    -- What forecourt.allowances found out about it.
    allowances = {},
  }
end

--- What a mark means.
-- @tparam string mark
-- @treturn table  `check`: "filter", "observe", or nil where the answer is held
--   to no contract; `contract` and its `operation`, `api`, `version`,
--   `is_detailed`, `is_head`, `is_test`, `has_place`; `lens`, of `lenses`,
--   where the request was raised by them
function _M.meaning(mark)
  local meaning = known[mark]
  if meaning then
    return meaning
  end
  meaning = read(mark)
  if meaning.check and not meaning.operation then
    return meaning -- it may be there next time
  end
  if count >= MOST then
    known, count = {}, 0
  end
  known[mark] = meaning
  count = count + 1
  return meaning
end

return _M
