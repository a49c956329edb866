--- What the mark of an admitted request says to the way out
-- (forecourt.admission writes it).
local contracts = require("forecourt.contracts")

local _M = {}

-- Held to nothing. What reads as neither lets no answer out.
local FREE = "^yes %l+$"
local HELD = "^yes (%l+) (%l+) (%x+) (%d+) ([^%s@]+)@(%S*)$"

-- A publish names anew what it changes; so many are kept before all go.
local MOST = 20000

local known, count = {}, 0

local NOTHING = {}

local function read(mark)
  local errors, check, digest, number, api, version = mark:match(HELD)
  if not errors then
    assert(mark:find(FREE), "a mark that says nothing")
    return NOTHING
  end
  local contract = contracts.of(digest)
  return {
    check = check,
    is_detailed = errors == "detailed",
    api = api,
    version = version,
    -- nil where the edge has not got it
    contract = contract,
    operation = contract and contract.operations[tonumber(number)],
    -- What forecourt.allowances found out about it.
    allowances = {},
  }
end

--- What a mark means.
-- @tparam string mark
-- @treturn table  `check`: "filter", "observe", or nil where the answer is held
--   to no contract; `contract` and its `operation`, `api`, `version`,
--   `is_detailed`
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

--- What the mark of a test means: the same, and `is_test`.
function _M.of_a_test(mark)
  local meaning = _M.meaning(mark)
  if meaning == NOTHING then
    return meaning
  end
  if not meaning.for_tests then
    local for_tests = { is_test = true }
    for name, value in pairs(meaning) do
      for_tests[name] = value
    end
    meaning.for_tests = for_tests
  end
  return meaning.for_tests
end

return _M
