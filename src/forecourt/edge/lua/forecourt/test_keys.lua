--- Where a test key's request goes: to the mock, whatever it asks for.
local _M = {}

--- Leads a request to the mock, before its mark is set.
-- Admission demands of a request that says `test` that its route is one to the
-- mock (forecourt.compiler.envoy.mocked): if anything goes amiss here, or no
-- such route stands, nothing is let through.
function _M.lead_to_mock(handle, headers)
  handle:streamInfo():dynamicMetadata():set("forecourt", "test", "yes")
  headers:replace("forecourt-mock", "yes")
  handle:clearRouteCache()
end

return _M
