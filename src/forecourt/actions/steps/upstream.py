"""Which service the request goes to, and what came of that."""

from __future__ import annotations

from forecourt.actions.assumed_caller import Known
from forecourt.actions.steps.case import Case
from forecourt.actions.steps.documented import operation_place
from forecourt.actions.steps.places import api_of, in_api, posture
from forecourt.actions.steps.step import Ground, StepKind, Told
from forecourt.actions.steps.wording import at
from forecourt.compiler.ir.apis import Version
from forecourt.compiler.refusals import Refusal
from forecourt.diagnostics import Span

# What the contract does not let leave.
_UNDECLARED = frozenset(
    {
        Refusal.UNDECLARED_STATUS,
        Refusal.UNDECLARED_MEDIA_TYPE,
        Refusal.ENCODED_ANSWER,
        Refusal.UNREADABLE_ANSWER,
    }
)
_OF_THE_EDGE = frozenset({Refusal.NOT_ADMITTED, Refusal.EDGE_FAULT})
_REFUSALS = frozenset(
    {
        *_UNDECLARED,
        *_OF_THE_EDGE,
        Refusal.UPSTREAM_UNAVAILABLE,
        Refusal.UPSTREAM_TIMEOUT,
        Refusal.ANSWER_TOO_LARGE,
        Refusal.UPSTREAM_FAILED,
        Refusal.CALLER_LEFT,
        Refusal.NO_EXAMPLE,
        Refusal.ANSWER_NOT_REPRESENTABLE,
        Refusal.FUNCTION_FAILED,
    }
)


def _refuses(case: Case) -> bool:
    return case.refusal in _REFUSALS


def _passed(case: Case) -> Told:
    where = _where(case)
    if case.logged is None:
        return Told(says=f"it would go to {where}", grounds=_grounds(case))
    answered = f"answered {case.logged.status} in {case.logged.milliseconds} ms"
    return Told(says=f"{where} {answered}", grounds=_grounds(case))


def _refused(case: Case) -> Told:
    refusal = case.refusal or Refusal.UPSTREAM_FAILED
    status = case.logged.status if case.logged is not None else ""
    words = _WORDS | _WORDS_OF_THE_MOCK if _is_mocked(case) else _WORDS
    says, *ways_out = words[refusal]
    details = f" ({case.logged.details})" if case.logged is not None else ""
    told = {
        "where": _where(case),
        "status": status,
        "team": _team(case),
        "api": case.route.api.name if case.route is not None else "API",
        "contract": at(operation_place(case)),
    }
    return Told(
        says=says.format(**told) + details,
        grounds=_refused_by(case, refusal),
        ways_out=tuple(way_out.format(**told) for way_out in ways_out),
    )


def _refused_by(case: Case, refusal: Refusal) -> tuple[Ground | None, ...]:
    if refusal in _OF_THE_EDGE:
        return ()
    if refusal in _UNDECLARED:
        return (operation_place(case), posture(case, "response_check"), *_grounds(case))
    if refusal is Refusal.NO_EXAMPLE:
        return (operation_place(case), *_grounds(case))
    return _grounds(case)


_ASK_THE_TEAM = (
    "or ask `{team}`, who owns the API; `forecourt leaks {api}` lists what was held back"
)
_WORDS = {
    Refusal.NOT_ADMITTED: (
        "the edge itself failed to decide, and so let nothing through",
        "look into the log of `forecourt up` for the error, and report it",
    ),
    Refusal.UPSTREAM_UNAVAILABLE: (
        "{where} could not be reached",
        "see that it runs and that `upstream` names it; `{team}` owns the API",
    ),
    Refusal.UPSTREAM_TIMEOUT: (
        "{where} did not answer within 30 seconds",
        "ask `{team}`, who owns the API",
    ),
    Refusal.ANSWER_TOO_LARGE: (
        "{where} answered more than the 8 MB that are held to the contract at once",
        "ask `{team}`, who owns the API, to page the answer, or to declare another media type",
    ),
    Refusal.UPSTREAM_FAILED: (
        "{where} answered {status}, of which callers outside read only that it failed",
        "ask `{team}`, who owns the API, and give them the request's id",
    ),
    Refusal.UNDECLARED_STATUS: (
        "{where} answered a status that the contract does not declare for this operation, so a"
        " problem of {status} left in its place",
        "declare it in the contract{contract}",
        _ASK_THE_TEAM,
    ),
    Refusal.UNDECLARED_MEDIA_TYPE: (
        "{where} answered a media type, or none, that the contract does not declare for that"
        " status, so a problem of {status} left in its place",
        "declare it in the contract{contract}",
        _ASK_THE_TEAM,
    ),
    Refusal.ENCODED_ANSWER: (
        "{where} answered compressed, so that it could not be held to the contract, and a problem"
        " of {status} left in its place",
        "ask `{team}`, who owns the API, to compress nothing that was not asked for:"
        " the edge sends no Accept-Encoding",
    ),
    Refusal.UNREADABLE_ANSWER: (
        "{where} answered what is not the JSON that it says it is, could be read in two ways, or"
        " has nothing that the contract declares; a problem of {status} left in its place",
        "ask `{team}`, who owns the API; `forecourt leaks {api}` says what is wrong with it",
        "or declare what it answers in the contract{contract}",
    ),
    Refusal.ANSWER_NOT_REPRESENTABLE: (
        "{where} answered, in the newer version that it speaks, something that the caller's version"
        " has no equal for, so a problem of {status} left in its place",
        "call the newer version, which can say it: the answer lists what could not be said",
    ),
    Refusal.FUNCTION_FAILED: (
        "{where} answered, and the function that makes the older version's answer of it failed or "
        "took too long, so nothing of it left",
        "look into the log of `forecourt up` for what the function says, and correct it",
    ),
    Refusal.EDGE_FAULT: (
        "the edge itself failed on the answer of {where}, and so let nothing of it out",
        "look into the log of `forecourt up` for the error, and report it",
    ),
    Refusal.NO_EXAMPLE: (
        "{where} finds nothing in the contract to show, and no value that would keep it",
        "give the operation an example in the contract{contract}: the answer says where",
    ),
    Refusal.CALLER_LEFT: (
        "the caller went away before {where} had answered",
        "give the client more time, or ask `{team}` why it takes so long",
    ),
}


_WORDS_OF_THE_MOCK = {
    Refusal.UPSTREAM_UNAVAILABLE: (
        "{where} could not be reached",
        "see that `forecourt up` runs: the mock runs within it",
    ),
    Refusal.UPSTREAM_TIMEOUT: (
        "{where} did not answer within 30 seconds",
        "see that `forecourt up` is well: the mock runs within it",
    ),
}


def _team(case: Case) -> str:
    return case.route.api.team if case.route is not None else "its team"


def _version(case: Case) -> Version | None:
    if case.version is not None or case.route is None:
        return case.version
    return case.route.versions[0] if len(case.route.versions) == 1 else None


def _is_test(case: Case) -> bool:
    """Whether a test key calls, or called: the log says so where the key is gone."""
    if case.logged is not None and case.logged.is_test:
        return True
    return isinstance(case.caller, Known) and case.caller.entitlement.is_test


def _is_mocked(case: Case) -> bool:
    version = _version(case)
    return _is_test(case) or (version is not None and version.upstream.mock)


def _word(case: Case) -> str:
    """What of it is for tests."""
    id = case.caller.entitlement.credential if isinstance(case.caller, Known) else ""
    if case.logged is not None and case.logged.is_by_access_token:
        return "client"
    return "client" if id.startswith("client_") else "key"


def _where(case: Case) -> str:
    if _is_test(case):
        return f"the built-in mock (a test {_word(case)} never reaches the upstream)"
    version = _version(case)
    if version is None:
        return "the upstream"
    upstream = version.upstream
    where = "the built-in mock" if upstream.mock else f"{upstream.key}{upstream.base_path}"
    return where if version.lens is None else f"{where}, as version {version.lens.speaks},"


def _grounds(case: Case) -> tuple[Span | None, ...]:
    """A key is no line of a file."""
    return () if _is_test(case) else (_place(case),)


def _place(case: Case) -> Span | None:
    api, version = api_of(case), _version(case)
    own = f"versions.{version.name}.upstream" if version is not None else ""
    return in_api(case, own if api is not None and own in api.places else "upstream")


STEP = StepKind(name="upstream", refuses=_refuses, passed=_passed, refused=_refused)
