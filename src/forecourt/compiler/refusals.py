"""Every way in which the edge refuses a request, by the word that the access log has for it."""

from __future__ import annotations

from enum import Enum


class Refusal(Enum):
    """A word, and what the caller read: the status and the name of the problem (RFC 9457).

    The first group is the gate's (`edge/lua/forecourt/problems.lua`), the second that of Envoy's
    own filters, which log no word: what they log is read as one. The third is of answers: of what
    the way out put in the place of one (`edge/lua/forecourt/replacing.lua`). A status of 0 is none
    at all, or the upstream's own; in place of a refusal, 502 is the upstream's own too.
    """

    METHOD = ("method", 405, "method-not-allowed")
    AMBIGUOUS_PATH = ("ambiguous-path", 400, "malformed-request")
    MISSING = ("missing", 401, "credential-required")
    MALFORMED = ("malformed", 401, "credential-invalid")
    UNKNOWN = ("unknown", 401, "credential-invalid")
    UNAVAILABLE = ("unavailable", 503, "try-again")
    BLOCKED = ("blocked", 403, "blocked")
    TWO_CALLERS = ("two-callers", 400, "two-callers")
    ADDRESS_NOT_ALLOWED = ("address-not-allowed", 403, "address-not-allowed")
    CERTIFICATE_REQUIRED = ("certificate-required", 401, "certificate-required")
    NOT_FOUND = ("not-found", 404, "not-found")
    NOT_GRANTED = ("not-granted", 404, "not-found")
    NOT_ALLOWED = ("not-allowed", 404, "not-found")
    CREDENTIAL_NOT_ACCEPTED = ("credential-not-accepted", 401, "credential-not-accepted")
    NO_SUCH_VERSION = ("no-such-version", 404, "not-found")
    VERSION_NOT_NAMED = ("version-not-named", 400, "version-not-named")
    RETIRED = ("retired", 410, "version-retired")
    BROWNOUT = ("brownout", 410, "brownout")
    NO_SUCH_OPERATION = ("no-such-operation", 404, "not-found")
    METHOD_NOT_DECLARED = ("method-not-declared", 405, "method-not-allowed")
    SCOPE_MISSING = ("scope-missing", 403, "scope-missing")
    CONTRACT_MISSING = ("contract-missing", 503, "try-again")
    PARAMETERS_INVALID = ("parameters-invalid", 400, "parameters-invalid")
    BODY_MISSING = ("body-missing", 400, "body-missing")
    BODY_UNEXPECTED = ("body-unexpected", 400, "body-unexpected")
    BODY_UNPARSEABLE = ("body-unparseable", 400, "body-unparseable")
    BODY_INVALID = ("body-invalid", 422, "body-invalid")
    MEDIA_TYPE_NOT_SUPPORTED = ("media-type-not-supported", 415, "media-type-not-supported")
    NOT_REPRESENTABLE = ("not-representable", 422, "not-representable")
    OPERATION_GONE = ("operation-gone", 410, "operation-gone")
    CANNOT_JUDGE = ("cannot-judge", 503, "cannot-judge")
    BODY_TOO_LARGE = ("body-too-large", 413, "body-too-large")
    USER_LIMITED = ("user-limited", 429, "rate-limited")
    API_LIMITED = ("api-limited", 429, "rate-limited")
    OPERATION_LIMITED = ("operation-limited", 429, "rate-limited")
    CONCURRENCY_LIMITED = ("concurrency-limited", 429, "concurrency-limited")
    QUOTA_EXHAUSTED = ("quota-exhausted", 429, "quota-exhausted")
    SHED = ("shed", 503, "overloaded")
    CHECK_LIMITED = ("check-limited", 429, "check-limited")

    RATE_LIMITED = ("rate-limited", 429, "rate-limited")
    MALFORMED_REQUEST = ("malformed-request", 400, "malformed-request")
    NO_SUCH_HOST = ("no-such-host", 404, "not-found")
    TOO_SLOW = ("too-slow", 408, "too-slow")
    HEADERS_TOO_LARGE = ("headers-too-large", 431, "headers-too-large")
    OVERLOADED = ("overloaded", 503, "overloaded")
    NOT_ADMITTED = ("not-admitted", 403, "not-admitted")
    UPSTREAM_UNAVAILABLE = ("upstream-unavailable", 503, "upstream-unavailable")
    UPSTREAM_TIMEOUT = ("upstream-timeout", 504, "upstream-timeout")
    ANSWER_TOO_LARGE = ("answer-too-large", 500, "answer-too-large")
    CALLER_LEFT = ("caller-left", 0, "")

    UPSTREAM_FAILED = ("upstream-failed", 0, "upstream-failed")
    UNDECLARED_STATUS = ("undeclared-status", 502, "undeclared-answer")
    UNDECLARED_MEDIA_TYPE = ("undeclared-media-type", 502, "undeclared-answer")
    ENCODED_ANSWER = ("encoded-answer", 502, "undeclared-answer")
    UNREADABLE_ANSWER = ("unreadable-answer", 502, "undeclared-answer")
    EDGE_FAULT = ("edge-fault", 502, "edge-fault")
    ANSWER_NOT_REPRESENTABLE = ("answer-not-representable", 406, "not-representable")
    FUNCTION_FAILED = ("function-failed", 502, "edge-fault")
    NO_EXAMPLE = ("no-example", 501, "no-example")

    def __init__(self, word: str, status: int, problem: str) -> None:
        self.word = word
        self.status = status
        self.problem = problem

    def read(self, status: int) -> str:
        """The name of the problem that a caller reads of it, with a status. Of an upstream's own it
        is what the status says by itself (`edge/lua/forecourt/faults.lua`)."""
        said = (Refusal.UPSTREAM_UNAVAILABLE, Refusal.UPSTREAM_TIMEOUT)
        if self is Refusal.UPSTREAM_FAILED:
            return next((r.problem for r in said if r.status == status), self.problem)
        return self.problem


BY_WORD = {refusal.word: refusal for refusal in Refusal}
