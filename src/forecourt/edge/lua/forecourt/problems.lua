--- What callers are told of a refusal: the sentences are made here only.
local _M = {}

local function limited(detail)
  return {
    status = 429,
    name = "rate-limited",
    title = "Too many requests",
    detail = detail .. " Wait as Retry-After says, then go on.",
  }
end

-- Reason -> what a caller is told. `name` is stable. `detail` is what strangers
-- read: the same whatever the cause. `lists_faults`: what is wrong stands in
-- `faults`, a list that is always there.
local PROBLEMS = {
  missing = {
    status = 401,
    name = "credential-required",
    title = "Credential required",
    detail = "Send an API key as `Authorization: Bearer fc_...` or `X-Api-Key`,"
      .. " or an access token as `Authorization: Bearer ...`.",
    mesh_detail = "Call with a client certificate of the mesh, or send a"
      .. " service token as `X-Internal-Service-Token`"
      .. " (`forecourt token issue --service NAME`).",
  },
  unknown = {
    status = 401,
    name = "credential-invalid",
    title = "Credential not valid",
    detail = "The credential is malformed, unknown, expired or revoked."
      .. " Check that it was copied whole; ask its issuer for a new one.",
    mesh_detail = "No declared service has this identity. Declare it in"
      .. " services.yaml, or call with a service's own certificate or token."
      .. " One that is suspended is nobody until it is resumed.",
  },
  ["credential-not-accepted"] = {
    status = 401,
    name = "credential-not-accepted",
    title = "Another kind of credential is needed",
    detail = "This API does not accept this kind of credential.",
  },
  ["certificate-required"] = {
    status = 401,
    name = "certificate-required",
    title = "Client certificate required",
    detail = "This caller's contract asks for a client certificate:"
      .. " call the host that the contract names, with the certificate.",
  },
  ["two-callers"] = {
    status = 400,
    name = "two-callers",
    title = "Two callers in one request",
    detail = "The request carries credentials of different owners."
      .. " Send only one.",
  },
  blocked = {
    status = 403,
    name = "blocked",
    title = "Refused for now",
    detail = "What came from this caller looked like an attack, or somebody"
      .. " stopped it by hand. Wait as Retry-After says, if it does; else ask"
      .. " support, with the request's id.",
  },
  ["address-not-allowed"] = {
    status = 403,
    name = "address-not-allowed",
    title = "Not from this address",
    detail = "The credential may not be used from the address that it came"
      .. " from. Its owner says from which it may.",
  },
  ["scope-missing"] = {
    status = 403,
    name = "scope-missing",
    title = "Scope missing",
    detail = "The credential lacks a scope that this operation demands.",
  },
  ["method-not-declared"] = {
    status = 405,
    name = "method-not-allowed",
    title = "Method not allowed",
    detail = "This method is not served here.",
  },
  ["not-found"] = {
    status = 404,
    name = "not-found",
    title = "Not found",
    detail = "There is nothing here for this caller."
      .. " Check the path and the version.",
  },
  ["rate-limited"] = limited("This caller's limit is used up."),
  ["user-limited"] = limited("This person's share of the limit is used up."),
  ["api-limited"] = limited("This caller's limit for this API is used up."),
  ["operation-limited"] = limited("The limit of this operation is used up."),
  ["concurrency-limited"] = {
    status = 429,
    name = "concurrency-limited",
    title = "Too many concurrent requests",
    detail = "This caller has as many requests under way as it may have at a"
      .. " time. Wait until one has ended, then go on.",
  },
  ["quota-exhausted"] = {
    status = 429,
    name = "quota-exhausted",
    title = "Quota used up",
    detail = "This caller's quota of the day or of the month is used up."
      .. " It begins anew when Retry-After is over.",
  },
  ["version-not-named"] = {
    status = 400,
    name = "version-not-named",
    title = "No such version",
    detail = "Name one of this caller's versions in `API-Version`, or a day:"
      .. " the newest that is not after it is meant. `versions` lists them.",
  },
  retired = {
    status = 410,
    name = "version-retired",
    title = "Version retired",
    detail = "This version is no longer served.",
  },
  brownout = {
    status = 410,
    name = "brownout",
    title = "Version not served for a while",
    detail = "This version will end, and is not served for a while."
      .. " Wait as Retry-After says, or use a newer one.",
  },
  -- As Envoy answers where a body does not say how large it is.
  ["body-too-large"] = {
    status = 413,
    name = "body-too-large",
    title = "Body too large",
    detail = "The body is larger than this caller may send.",
  },
  ["parameters-invalid"] = {
    status = 400,
    name = "parameters-invalid",
    title = "Parameters not as declared",
    detail = "Parameters of the request are not what the contract declares."
      .. " `faults` lists what is wrong, 32 at most.",
    lists_faults = true,
  },
  ["body-missing"] = {
    status = 400,
    name = "body-missing",
    title = "Body missing",
    detail = "The contract demands a body.",
    lists_faults = true,
  },
  ["body-unexpected"] = {
    status = 400,
    name = "body-unexpected",
    title = "No body is taken here",
    detail = "The contract declares no body for this operation: send none.",
    lists_faults = true,
  },
  ["body-unparseable"] = {
    status = 400,
    name = "body-unparseable",
    title = "Body not readable",
    detail = "The body is not what its Content-Type says, or could be read in"
      .. " two ways. `faults` says where.",
    lists_faults = true,
  },
  ["body-invalid"] = {
    status = 422,
    name = "body-invalid",
    title = "Body not as declared",
    detail = "The body breaks the contract."
      .. " `faults` lists where and how, 32 at most.",
    lists_faults = true,
  },
  ["media-type-not-supported"] = {
    status = 415,
    name = "media-type-not-supported",
    title = "Media type not supported",
    detail = "The contract does not declare a body of this kind. Accept or"
      .. " Accept-Encoding says what may come; texts are UTF-8.",
    lists_faults = true,
  },
  -- Of an answer; of a request below.
  ["answer-not-representable"] = {
    status = 406,
    name = "not-representable",
    title = "Not to be said in this version",
    detail = "The answer has no equal in this version of the API, and nothing"
      .. " is approximated. `faults` says where.",
    lists_faults = true,
  },
  ["not-representable"] = {
    status = 422,
    name = "not-representable",
    title = "Not to be said in this version",
    detail = "The request has no equal in the version that the service"
      .. " speaks, and nothing is approximated. `faults` says where.",
    lists_faults = true,
  },
  ["operation-gone"] = {
    status = 410,
    name = "operation-gone",
    title = "Operation gone",
    detail = "The service does not do this any more.",
  },
  ["cannot-judge"] = {
    status = 503,
    name = "cannot-judge",
    title = "Cannot judge now",
    detail = "The request could not be held to the contract."
      .. " Wait as Retry-After says, then try again.",
    lists_faults = true,
  },
  method = {
    status = 405,
    name = "method-not-allowed",
    title = "Method not allowed",
    detail = "This method is not served here.",
  },
  -- As Envoy answers what it refuses itself.
  ["ambiguous-path"] = {
    status = 400,
    name = "malformed-request",
    title = "Malformed request",
    detail = "The request breaks HTTP's rules, or could be read in two ways.",
  },
  unavailable = {
    status = 503,
    name = "try-again",
    title = "Cannot decide yet",
    detail = "The caller could not be looked up. Wait as Retry-After says,"
      .. " then try again.",
  },
  -- What the edge cannot judge exactly is judged beside it, and not as often.
  ["check-limited"] = {
    status = 429,
    name = "check-limited",
    title = "Too many requests of this kind",
    detail = "Requests of this operation take long to check, and this caller"
      .. " sent too many. Wait as Retry-After says, then go on.",
  },
  ["upstream-failed"] = {
    status = 502,
    name = "upstream-failed",
    title = "Service failed",
    detail = "The service behind this API failed to answer properly.",
  },
  -- As Envoy says them by itself (forecourt.compiler.envoy.problems).
  ["upstream-timeout"] = {
    status = 504,
    name = "upstream-timeout",
    title = "No answer in time",
    detail = "The service behind this API did not answer in time.",
  },
  ["upstream-unavailable"] = {
    status = 503,
    name = "upstream-unavailable",
    title = "Service unavailable",
    detail = "The service behind this API cannot be reached."
      .. " Try again later.",
  },
  overloaded = {
    status = 503,
    name = "overloaded",
    title = "Too much at once",
    detail = "More is being sent than can be held at once."
      .. " Wait as Retry-After says.",
  },
  ["undeclared-answer"] = {
    status = 502,
    name = "undeclared-answer",
    title = "Answer not declared",
    detail = "The service answered something that this operation does not"
      .. " declare, so it is not passed on.",
  },
  ["edge-fault"] = {
    status = 502,
    name = "edge-fault",
    title = "Something went wrong",
    detail = "The answer could not be checked, so it is not passed on.",
  },
}

-- Reasons that differ inside only: outside they read alike.
local SAME_AS = {
  malformed = "unknown",
  ["not-granted"] = "not-found",
  ["not-allowed"] = "not-found",
  ["no-such-version"] = "not-found",
  ["no-such-operation"] = "not-found",
  ["contract-missing"] = "unavailable",
  shed = "overloaded",
  ["function-failed"] = "edge-fault",
  ["undeclared-status"] = "undeclared-answer",
  ["undeclared-media-type"] = "undeclared-answer",
  ["encoded-answer"] = "undeclared-answer",
  ["unreadable-answer"] = "undeclared-answer",
}

local INSIDE = {
  malformed = "The credential cannot be one: check how it was copied.",
  ["not-granted"] = "The caller's contract does not name this API.",
  ["not-allowed"] = "The API's `allow` does not name this service.",
  ["no-such-operation"] = "The contract has no such operation for this caller.",
  ["undeclared-status"] = "The contract declares no such status.",
  ["undeclared-media-type"] = "The contract declares no such media type for"
    .. " this status.",
  ["encoded-answer"] = "The body is compressed, so it cannot be filtered.",
  ["unreadable-answer"] = "The body is not the JSON that it says it is, or"
    .. " nothing of it is declared.",
  shed = "The machine is full, and others come first.",
  ["cannot-judge"] = "The control plane did not judge it in time.",
  ["contract-missing"] = "The edge cannot load the contract of this version.",
  ["function-failed"] = "A function of the estate failed, or did not answer in"
    .. " time.",
  ["no-such-version"] = "The API has no such version for this caller.",
}

--- The problem of a reason.
-- @treturn table  status, name, title, detail, mesh_detail, lists_faults
function _M.of(reason)
  return PROBLEMS[SAME_AS[reason] or reason] or PROBLEMS["edge-fault"]
end

--- What those read in place of its detail who may know more.
-- @treturn string|nil
function _M.inside(reason)
  return INSIDE[reason]
end

return _M
