"""What the edge must do for one API: each decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from forecourt.compiler.ir.apis import CallerPolicy
from forecourt.compiler.lowering.apis import lower_api
from forecourt.diagnostics import Span
from forecourt.estate.api import BodyLimits, Scheme, Status, Upstream
from forecourt.estate.audience import Audience
from forecourt.estate.posture import POSTURES
from forecourt.estate.rate_limit import RateLimit
from tests.compiler.builders import lowered_api
from tests.governance.builders import a_version, an_api


@pytest.mark.parametrize(
    ("audience", "listeners", "callers"),
    [
        ("internal", ("internal",), ["internal"]),
        ("partner", ("external", "internal"), ["internal", "partner"]),
        ("public", ("external", "internal"), ["internal", "partner", "public"]),
    ],
)
def test_the_audience_says_where_it_stands_and_who_calls(
    audience: str, listeners: tuple[str, ...], callers: list[str]
) -> None:
    api = lowered_api(audience=audience)
    assert api.listeners == listeners
    assert [c.audience.value for c in api.callers] == callers


@pytest.mark.parametrize("audience", ["partner", "public"])
def test_a_team_may_keep_an_external_api_inside(audience: str) -> None:
    assert lowered_api(audience=audience, posture={"listener": "internal"}).listeners == (
        "internal",
    )


def test_nothing_puts_an_internal_api_outside() -> None:
    api = lowered_api(audience="internal", posture={"listener": "internal+external"})
    assert api.listeners == ("internal",)


def test_each_audience_of_callers_gets_its_own_posture() -> None:
    for caller in lowered_api(audience="public").callers:
        posture = POSTURES[caller.audience]
        assert caller == CallerPolicy(
            audience=caller.audience,
            errors=posture.errors,
            credentials=tuple(sorted(posture.credentials)),
            demands_scopes=caller.audience is not Audience.INTERNAL,
            request_check=posture.request_check,
            response_check=posture.response_check,
            unknown_parameters=posture.unknown_parameters,
            body_bytes=posture.body_limits.bytes,
            body_depth=posture.body_limits.depth,
            body_keys=posture.body_limits.keys,
            meets_brownouts=caller.audience is not Audience.INTERNAL,
            abuse=posture.abuse,
        )
        assert caller.is_held_to_contract is (caller.audience is not Audience.INTERNAL)
        assert caller.reaches_operations_only is caller.is_held_to_contract


def test_what_the_team_set_itself_holds_for_its_callers() -> None:
    small = BodyLimits(bytes=1000, depth=5, keys=10)
    api = lowered_api(posture={"body_limits": small, "credentials": frozenset({"jwt"})})
    public = next(c for c in api.callers if c.audience is Audience.PUBLIC)
    assert public.body_bytes == 1000
    assert public.credentials == ("jwt",)


@pytest.mark.parametrize(
    ("scheme", "by_header", "prefixes"),
    [
        (Scheme.PATH, False, ["/payments/v1/", "/payments/v2/"]),
        (Scheme.HEADER, True, ["/payments/", "/payments/"]),
        (Scheme.DATES, True, ["/payments/", "/payments/"]),
        (Scheme.FLAGS, False, ["/payments/", "/payments/"]),
    ],
)
def test_the_scheme_says_how_a_caller_names_a_version(
    scheme: Scheme, by_header: bool, prefixes: list[str]
) -> None:
    api = lowered_api(scheme=scheme, versions=(a_version("1"), a_version("2")))
    assert api.by_header is by_header
    assert api.by_flags is (scheme is Scheme.FLAGS)
    assert [v.prefix for v in api.versions] == prefixes


def test_an_api_without_versions_stands_at_its_path() -> None:
    api = lowered_api("users", "internal")
    assert [(v.name, v.prefix) for v in api.versions] == [("", "/users/")]
    assert api.by_header is False


def test_versions_stand_oldest_first_however_they_are_named() -> None:
    """The newest is the last for the edge, which chooses it where none is named."""
    for names in (("1", "10", "2"), ("2023-06-01", "2024-01-15"), ("1.10", "1.9")):
        versions = tuple(a_version(n) for n in sorted(names))
        api = lowered_api(scheme=Scheme.HEADER, versions=versions)
        expected = sorted(names, key=lambda n: [int(p) for p in n.replace("-", ".").split(".")])
        assert [v.name for v in api.versions] == expected


def test_a_version_may_have_an_upstream_of_its_own() -> None:
    own = Upstream(url="http://old.svc:81")
    versions = (a_version("1", upstream=own), a_version("2"))
    api = lowered_api(versions=versions)
    assert [v.upstream.key for v in api.versions] == [
        "http://old.svc:81",
        "http://payments.svc:8080",
    ]


def test_mocks_stand_in_for_every_upstream() -> None:
    own = Upstream(url="http://old.svc:81")
    api = lower_api(an_api(versions=(a_version("1", upstream=own), a_version("2"))), mocked=True)
    assert {v.upstream.key for v in api.versions} == {"mock"}
    assert {v.upstream.base_path for v in api.versions} == {"/payments/"}


def a_deprecated(name: str) -> object:
    return a_version(
        name,
        status=Status.DEPRECATED,
        deprecated=date(2024, 1, 1),
        sunset=date(2024, 7, 1),
        guide="guides/migrate.md",
    )


def test_a_deprecated_version_names_the_newest_current_one() -> None:
    versions = (a_deprecated("1"), a_version("10"), a_version("11", status=Status.PREVIEW))
    api = lowered_api(versions=(*versions, a_version("9")))
    first = api.versions[0]
    assert (first.name, first.status, first.successors[0]) == ("1", "deprecated", "10")
    assert (first.deprecated, first.sunset) == (date(2024, 1, 1), date(2024, 7, 1))
    assert first.guide == "guides/migrate.md"
    assert all(v.successors == () for v in api.versions[1:])


def test_a_deprecated_version_with_nothing_after_it_names_nothing() -> None:
    assert lowered_api(versions=(a_deprecated("1"),)).versions[0].successors == ()


@pytest.mark.parametrize(
    ("allow", "expected"),
    [(None, None), ((), ()), (("orders", "billing"), ("billing", "orders"))],
    ids=["absent: everybody", "empty: nobody", "a list: those"],
)
def test_the_allow_list_says_which_services(
    allow: tuple[str, ...] | None, expected: tuple[str, ...] | None
) -> None:
    assert lowered_api("users", "internal", allow=allow).allow == expected


def test_keeps_the_place_where_it_was_written() -> None:
    api = an_api()
    lowered = lower_api(api, mocked=False)
    assert lowered.origin == Span("apis/payments/api.yaml", 1, 1)
    assert lowered.versions[0].origin == api.places["versions.1"]
    assert lowered.versions[0].origin != lowered.origin


def test_what_an_api_limits_holds_for_its_own_callers_and_for_others_where_it_is_stricter() -> None:
    def limits(per_minute: int) -> list[RateLimit | None]:
        limit = RateLimit(requests_per_minute=per_minute)
        callers = lowered_api(audience=Audience.PUBLIC, posture={"rate_limit": limit}).callers
        return [caller.limit for caller in callers]

    strict, lax = RateLimit(requests_per_minute=10), RateLimit(requests_per_minute=5000)
    assert limits(10) == [strict, strict, strict]
    assert limits(5000) == [lax, None, lax], "partners keep what the table gives them"


def test_an_api_that_limits_nobody_leaves_it_to_the_callers_own() -> None:
    assert {caller.limit for caller in lowered_api().callers} == {None}


@pytest.mark.parametrize(
    ("request_check", "response_check", "only"),
    [
        *(("enforce", "off", True), ("off", "filter", True), ("observe", "filter", True)),
        *(("observe", "observe", False), ("off", "off", False)),
    ],
)
def test_what_is_no_operation_is_not_there_for_who_is_held_to_the_contract_either_way(
    request_check: str, response_check: str, only: bool
) -> None:
    (caller, *_) = lower_api(an_api(), mocked=False).callers
    held = replace(caller, request_check=request_check, response_check=response_check)
    assert held.reaches_operations_only is only
