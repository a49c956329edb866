"""What can be wrong with a contract: the codes FC101 to FC199."""

from __future__ import annotations

from forecourt.diagnostics import Diagnostic, Severity
from forecourt.source.codes import Code

NOT_OPENAPI = Code(
    code="FC101", name="not-openapi", summary="a contract that is no OpenAPI document"
)
OPENAPI_2 = Code(
    code="FC102", name="openapi-2", summary="an OpenAPI 2.0 (Swagger) document, which is not read"
)
OPENAPI_VERSION = Code(
    code="FC103", name="openapi-version", summary="a version of OpenAPI other than 3.0 and 3.1"
)
NO_PATHS = Code(code="FC104", name="no-paths", summary="a contract without `paths`")
NO_OPERATIONS = Code(
    code="FC105",
    name="no-operations",
    summary="a contract whose paths offer nothing",
    severity=Severity.WARNING,
)
BROKEN_REFERENCE = Code(
    code="FC106", name="broken-reference", summary="a `$ref` to something that is not there"
)
REFERENCE_ELSEWHERE = Code(
    code="FC107", name="reference-elsewhere", summary="a `$ref` to a URL, or out of the estate"
)
REFERENCE_CYCLE = Code(
    code="FC108", name="reference-cycle", summary="a `$ref` that leads back to itself"
)
CONTRACT_SHAPE = Code(
    code="FC109", name="contract-shape", summary="a text where OpenAPI has a mapping, and the like"
)
BAD_TEMPLATE = Code(
    code="FC110", name="bad-template", summary="a path that no request could be matched with"
)
BAD_STATUS = Code(
    code="FC111",
    name="bad-status",
    summary="a response whose key is no HTTP status, which is passed over",
    severity=Severity.WARNING,
)
SAME_TEMPLATE = Code(
    code="FC112",
    name="same-template",
    summary="an operation that another leaves no requests, since their paths match the same",
    severity=Severity.WARNING,
)
SAME_OPERATION_ID = Code(
    code="FC113",
    name="same-operation-id",
    summary="two operations with one `operationId`",
    severity=Severity.WARNING,
)
LOST_ASIDE = Code(
    code="FC114",
    name="lost-aside",
    summary="a `$ref` that leads nowhere, of something that is only shown, such as an example",
    severity=Severity.WARNING,
)
NOT_AS_SPECIFIED = Code(
    code="FC115",
    name="not-as-specified",
    summary="something that OpenAPI does not allow, and whose meaning is clear",
    severity=Severity.WARNING,
)
UNKNOWN_FIELD = Code(
    code="FC116",
    name="unknown-field",
    summary="a key of a contract that OpenAPI does not know, which is passed over",
    severity=Severity.WARNING,
)
PATH_PARAMETERS = Code(
    code="FC117",
    name="path-parameters",
    summary="a path and its parameters speak of different names",
    severity=Severity.WARNING,
)
UNJUDGEABLE = Code(
    code="FC118",
    name="unjudgeable",
    summary="a schema that asks for what nobody here judges exactly",
)
BAD_MARK = Code(
    code="FC119",
    name="bad-audience-mark",
    summary="an `x-audience` or `x-enum-audience` whose words mean nothing",
)
MISPLACED_MARK = Code(
    code="FC120",
    name="misplaced-audience-mark",
    summary="an audience is marked where nothing can be hidden",
)
NOT_AN_OVERLAY = Code(
    code="FC121", name="not-an-overlay", summary="a file of `overlays` that is no OpenAPI Overlay"
)
BAD_TARGET = Code(
    code="FC122",
    name="bad-overlay-target",
    summary="the `target` of an overlay's action that is no JSONPath, or leads to no mapping",
)
IDLE_ACTION = Code(
    code="FC123",
    name="overlay-changes-nothing",
    summary="an action of an overlay whose `target` matches nothing in any contract",
    severity=Severity.WARNING,
)
UNKNOWN_SCHEME = Code(
    code="FC124",
    name="unknown-security-scheme",
    summary="a `security` that names a scheme which is declared nowhere",
    severity=Severity.WARNING,
)
SAME_PARAMETER = Code(
    code="FC125",
    name="same-parameter",
    summary="a parameter that is written twice, of which the first counts",
    severity=Severity.WARNING,
)
OTHER_VERSION = Code(
    code="FC126",
    name="keyword-of-another-version",
    summary="what another version of OpenAPI has, and the one of the contract does not",
    severity=Severity.WARNING,
)
BAD_LIMIT = Code(
    code="FC127",
    name="bad-rate-limit-mark",
    summary="an `x-rate-limit` that says no limit",
)
MISPLACED_LIMIT = Code(
    code="FC128",
    name="misplaced-rate-limit-mark",
    summary="an `x-rate-limit` where no operation stands",
)
EXAMPLE_BREAKS_SCHEMA = Code(
    code="FC130",
    name="example-breaks-schema",
    summary="an example of a body that the schema beside it does not allow",
    severity=Severity.WARNING,
)

# Errors that cost operations and nothing else: what remains of the contract is served.
COSTS_OPERATIONS = frozenset(
    {
        *(BROKEN_REFERENCE.name, REFERENCE_ELSEWHERE.name, REFERENCE_CYCLE.name),
        *(CONTRACT_SHAPE.name, BAD_TEMPLATE.name, UNJUDGEABLE.name),
    }
)


def holds_back(diagnostic: Diagnostic) -> bool:
    """Whether a mistake keeps what it was made in from being served at all."""
    is_error = diagnostic.severity is Severity.ERROR
    return is_error and diagnostic.name not in COSTS_OPERATIONS


CODES: tuple[Code, ...] = (
    NOT_OPENAPI,
    OPENAPI_2,
    OPENAPI_VERSION,
    NO_PATHS,
    NO_OPERATIONS,
    BROKEN_REFERENCE,
    REFERENCE_ELSEWHERE,
    REFERENCE_CYCLE,
    CONTRACT_SHAPE,
    BAD_TEMPLATE,
    BAD_STATUS,
    SAME_TEMPLATE,
    SAME_OPERATION_ID,
    LOST_ASIDE,
    NOT_AS_SPECIFIED,
    UNKNOWN_FIELD,
    PATH_PARAMETERS,
    UNJUDGEABLE,
    BAD_MARK,
    MISPLACED_MARK,
    NOT_AN_OVERLAY,
    BAD_TARGET,
    IDLE_ACTION,
    UNKNOWN_SCHEME,
    SAME_PARAMETER,
    OTHER_VERSION,
    BAD_LIMIT,
    MISPLACED_LIMIT,
    EXAMPLE_BREAKS_SCHEMA,
)
