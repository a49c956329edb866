"""Whether a caller may have what it asks for: every reason why not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.edge.entitled import a_caller, a_policy, an_answer, an_internal_policy
from tests.edge.luajit import Lua

NOW = 1_000.0


class Access:
    """One caller at one route."""

    def __init__(self) -> None:
        self.lua = Lua()
        self.access = self.lua.module("access")
        self.entitlements = self.lua.module("entitlements")
        self.policies = self.lua.module("policies")

    def decide(
        self, policy: dict[str, Any] | None, *, wanted: str | None = None, **answer: Any
    ) -> tuple[str | None, str | None]:
        """The name of the version, or None and why not."""
        given = self.lua.value(an_answer(**answer))
        slot = self.entitlements.remember("x-api-key", "a key", given, NOW)
        read = policy and self.policies.of(self.lua.handle(route="a route", policy=policy))
        found = self.access.decide(slot, read, wanted, NOW)
        version, reason, *_ = found if isinstance(found, tuple) else (found, None)
        return (None if version is None else version.name), reason


@pytest.fixture
def access() -> Access:
    return Access()


A_PARTNER = {"audience": "partner", "grants": {"payments": True}}
A_SERVICE = {"audience": "internal", "kind": "spiffe", "application": "orders"}


@pytest.mark.parametrize(
    "caller",
    [{}, A_PARTNER, A_SERVICE, A_PARTNER | {"grants": {"payments": {"2": True}}}],
    ids=["a developer", "a partner", "a service", "a partner with this version"],
)
def test_a_public_api_is_there_for(access: Access, caller: dict[str, Any]) -> None:
    assert access.decide(a_policy(), **caller) == ("2", None)


def test_nothing_is_found_where_nothing_stands(access: Access) -> None:
    assert access.decide(None) == (None, "not-found")


def test_an_api_does_not_exist_for_a_wider_audience(access: Access) -> None:
    assert access.decide(an_internal_policy()) == (None, "not-found")
    assert access.decide(an_internal_policy(), **A_PARTNER) == (None, "not-found")


@pytest.mark.parametrize("grants", [{}, {"analytics": True}])
def test_a_contract_names_what_a_partner_may_call(access: Access, grants: Any) -> None:
    assert access.decide(a_policy(), audience="partner", grants=grants) == (None, "not-granted")


def test_a_contract_names_the_versions(access: Access) -> None:
    grants = {"payments": {"1": True}}
    assert access.decide(a_policy(), audience="partner", grants=grants) == (
        None,
        "no-such-version",
    )


def test_an_allow_list_names_the_services(access: Access) -> None:
    policy = an_internal_policy()
    assert access.decide(policy, **A_SERVICE) == ("", None)
    assert access.decide(policy, **A_SERVICE | {"application": "reports"}) == (None, "not-allowed")


def test_an_empty_allow_list_names_nobody(access: Access) -> None:
    assert access.decide(an_internal_policy(allow=[""]), **A_SERVICE) == (None, "not-allowed")


def test_an_allow_list_is_about_services_only(access: Access) -> None:
    assert access.decide(a_policy(allow=["billing", ""])) == ("2", None)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("api_key", (None, "credential-not-accepted")),
        ("token", ("2", None)),
        ("certificate", ("2", None)),
        ("spiffe", (None, "credential-not-accepted")),
    ],
)
def test_the_posture_names_the_kinds_of_credentials(
    access: Access, kind: str, expected: tuple[Any, Any]
) -> None:
    policy = a_policy(callers={"partner": a_caller("sanitised", "jwt")})
    assert access.decide(policy, **A_PARTNER, kind=kind) == expected


def test_a_contract_may_demand_a_certificate(access: Access) -> None:
    contracted = A_PARTNER | {"needs_certificate": True}
    assert access.decide(a_policy(), **contracted) == (None, "certificate-required")
    assert access.decide(None, **contracted) == (None, "certificate-required")
    assert access.decide(a_policy(), **contracted, kind="certificate") == ("2", None)


@pytest.mark.parametrize(
    ("sunset", "expected"),
    [(NOW + 1, ("1", None)), (NOW, (None, "retired")), (NOW - 1, (None, "retired"))],
    ids=["before", "at", "after"],
)
def test_a_version_is_retired_from_its_sunset_on(
    access: Access, sunset: float, expected: tuple[Any, Any]
) -> None:
    versions = [{"name": "1", "status": "deprecated", "sunset": sunset}]
    assert access.decide(a_policy(versions=versions)) == expected


def test_a_partner_may_have_agreed_on_another_day(access: Access) -> None:
    policy = a_policy(versions=[{"name": "1", "status": "deprecated", "sunset": NOW - 1}])
    later, earlier = {"payments 1": NOW + 1}, {"payments 1": NOW - 2}
    assert access.decide(policy, **A_PARTNER, sunsets=later) == ("1", None)
    assert access.decide(policy, **A_PARTNER, sunsets=earlier) == (None, "retired")


BROWNED_OUT = [
    {
        "name": "1",
        "status": "deprecated",
        "sunset": NOW + 1000,
        "brownouts": [NOW - 900, NOW - 800, NOW, NOW + 100],
    }
]


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        ([NOW, NOW + 1], (None, "brownout")),
        ([NOW - 1, NOW], ("1", None)),
        ([NOW + 1, NOW + 2], ("1", None)),
        ([NOW - 9, NOW - 8, NOW - 1, NOW + 1], (None, "brownout")),
    ],
    ids=["as it begins", "as it ends", "before", "the second of two"],
)
def test_a_brownout_refuses_while_it_lasts(
    access: Access, moments: list[float], expected: tuple[Any, Any]
) -> None:
    versions = [BROWNED_OUT[0] | {"brownouts": moments}]
    callers = {"public": a_caller("constant", "api_key") | {"brownouts": True}}
    assert access.decide(a_policy(versions=versions, callers=callers)) == expected


def test_a_brownout_refuses_those_whom_the_audience_names(access: Access) -> None:
    assert access.decide(a_policy(versions=BROWNED_OUT)) == ("1", None)


@pytest.mark.parametrize(
    ("agreed", "expected"),
    [(NOW + 1001, ("1", None)), (NOW + 1000, (None, "brownout")), (NOW + 5, (None, "brownout"))],
    ids=["longer", "as long", "shorter"],
)
def test_a_brownout_spares_those_who_were_given_longer(
    access: Access, agreed: float, expected: tuple[Any, Any]
) -> None:
    callers = {"partner": a_caller("sanitised", "api_key") | {"brownouts": True}}
    policy = a_policy(versions=BROWNED_OUT, callers=callers)
    assert access.decide(policy, **A_PARTNER, sunsets={"payments 1": agreed}) == expected


def test_a_draft_is_there_for_services_only(access: Access) -> None:
    policy = a_policy(versions=[{"name": "3", "status": "draft"}])
    assert access.decide(policy) == (None, "no-such-version")
    assert access.decide(policy, **A_SERVICE) == ("3", None)


def test_a_preview_is_there_for_who_has_its_feature(access: Access) -> None:
    policy = a_policy(versions=[{"name": "3", "status": "preview", "feature": "early"}])
    early = {"has_feature": {"early": True}}
    for caller in ({}, A_PARTNER, A_SERVICE):
        assert access.decide(policy, **caller) == (None, "no-such-version")
        assert access.decide(policy, **caller, **early) == ("3", None)


def test_the_field_names_the_version_where_the_api_says_so(access: Access) -> None:
    versions = [{"name": n, "status": "current"} for n in ("2023-06-01", "2024-01-15")]
    policy = a_policy(by_header=True, versions=versions)
    assert access.decide(policy, wanted="2023-12-31") == ("2023-06-01", None)
    assert access.decide(policy, wanted="2020-01-01") == (None, "version-not-named")
    nothing = {"audience": "partner", "grants": {"payments": {"9": True}}}
    assert access.decide(policy, wanted="2020-01-01", **nothing) == (None, "no-such-version")
    unknown = {"pins": None}
    assert access.decide(policy, **unknown) == (None, "unavailable")
