"""Which service the request goes to, and what came of that."""

from __future__ import annotations

from forecourt.actions.assumed_caller import Known
from forecourt.actions.steps.case import Case
from forecourt.actions.steps.places import api_of, in_api
from forecourt.actions.steps.step import StepKind, Told
from forecourt.compiler.ir.apis import Version
from forecourt.compiler.refusals import Refusal
from forecourt.diagnostics import Span

_REFUSALS = frozenset(
    {
        Refusal.NOT_ADMITTED,
        Refusal.UPSTREAM_UNAVAILABLE,
        Refusal.UPSTREAM_TIMEOUT,
        Refusal.ANSWER_TOO_LARGE,
        Refusal.UPSTREAM_FAILED,
        Refusal.CALLER_LEFT,
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
    # What else the mock answers stands in the contract, and reads as if the upstream had.
    is_its_own = refusal is not Refusal.UPSTREAM_FAILED or status == _NO_EXAMPLE
    words = _WORDS | _WORDS_OF_THE_MOCK if _is_mocked(case) and is_its_own else _WORDS
    says, way_out = words[refusal]
    details = f" ({case.logged.details})" if case.logged is not None else ""
    grounds = () if refusal is Refusal.NOT_ADMITTED else _grounds(case)
    told = says.format(where=_where(case), status=status) + details
    api = case.route.api.name if case.route is not None else "API"
    way_out = way_out.format(team=_team(case), api=api)
    return Told(says=told, grounds=grounds, ways_out=(way_out,))


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
        "{where} answered {status}, of which callers outside read only that it failed;"
        " or 502 is what left in place of an answer that its contract does not declare",
        "ask `{team}`, who owns the API, and give them the request's id;"
        " what is not declared, `forecourt leaks {api}` lists",
    ),
    Refusal.CALLER_LEFT: (
        "the caller went away before {where} had answered",
        "give the client more time, or ask `{team}` why it takes so long",
    ),
}


# What the mock answers where the contract has nothing to show.
_NO_EXAMPLE = 501

_WORDS_OF_THE_MOCK = {
    Refusal.UPSTREAM_UNAVAILABLE: (
        "{where} could not be reached",
        "see that `forecourt up` runs: the mock runs within it",
    ),
    Refusal.UPSTREAM_TIMEOUT: (
        "{where} did not answer within 30 seconds",
        "see that `forecourt up` is well: the mock runs within it",
    ),
    Refusal.UPSTREAM_FAILED: (
        "{where} answered {status}",
        "read the answer: what the contract lacks stands in it, and in the log of `forecourt up`",
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


def _where(case: Case) -> str:
    if _is_test(case):
        return "the built-in mock (a test key never reaches the upstream)"
    version = _version(case)
    if version is None:
        return "the upstream"
    upstream = version.upstream
    if upstream.mock:
        return "the built-in mock"
    return f"{upstream.key}{upstream.base_path}"


def _grounds(case: Case) -> tuple[Span | None, ...]:
    """A key is no line of a file."""
    return () if _is_test(case) else (_place(case),)


def _place(case: Case) -> Span | None:
    api, version = api_of(case), _version(case)
    own = f"versions.{version.name}.upstream" if version is not None else ""
    return in_api(case, own if api is not None and own in api.places else "upstream")


STEP = StepKind(name="upstream", refuses=_refuses, passed=_passed, refused=_refused)
