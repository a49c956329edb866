--- Credentials that stand for nobody, remembered for a moment: repeating one
-- does not keep the control plane busy.
local _M = {}

local SECONDS = 5
local MOST = 10000

local known, count = {}, 0

--- Whether this was found to stand for nobody a moment ago.
function _M.is_known(field, value, now)
  local till = known[field .. "\0" .. value]
  return till ~= nil and now < till and now >= till - SECONDS
end

--- Remembers it. When too many are known all are forgotten: asking is cheap.
function _M.remember(field, value, now)
  if count >= MOST then
    known, count = {}, 0
  end
  known[field .. "\0" .. value] = now + SECONDS
  count = count + 1
end

--- Forgets all: something changed, so one of them may be somebody now.
function _M.forget()
  if count > 0 then
    known, count = {}, 0
  end
end

return _M
