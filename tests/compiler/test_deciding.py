"""What is decided of a request; that the Lua decides the same is held in tests/security."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from forecourt.compiler.deciding import (
    Caller,
    Kind,
    Route,
    decide,
    refused_unread,
    route_of,
    word_of,
)
from forecourt.compiler.ir.apis import Api
from forecourt.compiler.ir.callers import AgreedSunset, Grant
from forecourt.compiler.refusals import Refusal
from forecourt.estate.audience import Audience
from tests.compiler.builders import lowered_api

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def a_caller(audience: Audience = Audience.PUBLIC, **fields: Any) -> Caller:
    given: dict[str, Any] = {
        "kind": "spiffe" if audience is Audience.INTERNAL else "api_key",
        "application": "shop",
        "audience": audience,
        "scopes": None,
        "grants": None,
        "sunsets": (),
        "needs_certificate": False,
    }
    return Caller(**(given | fields))


def a_route(api: Api, listener: str = "external") -> Route:
    found = route_of((api,), listener, api.versions[0].prefix)
    assert found is not None
    return found


PUBLIC = lowered_api("payments", "public")


def standing(name: str, prefix: str) -> Api:
    versions = tuple(replace(v, prefix=prefix) for v in PUBLIC.versions[:1])
    return replace(PUBLIC, name=name, versions=versions)


def test_the_longest_prefix_wins() -> None:
    inner, outer = standing("inner", "/a/b/"), standing("outer", "/a/")
    for path, name in {"/a/b/c": "inner", "/a/c": "outer"}.items():
        found = route_of((inner, outer), "external", path)
        assert found is not None
        assert found.api.name == name
    assert route_of((inner, outer), "external", "/b") is None


@pytest.mark.parametrize(
    ("listener", "path"),
    [("external", "/oauth/token"), ("external", "/oauth/token/x"), ("internal", "/internal/token")],
)
def test_what_is_the_gateways_own_is_no_apis(listener: str, path: str) -> None:
    around = (standing("around", "/"),)
    assert route_of(around, listener, path) is None
    assert route_of(around, listener, f"/x{path}") is not None


def test_what_is_internal_is_not_there_outside() -> None:
    users = replace(PUBLIC, audience=Audience.INTERNAL, listeners=("internal",))
    prefix = users.versions[0].prefix
    assert route_of((users,), "external", prefix) is None
    assert route_of((users,), "internal", prefix) is not None


@pytest.mark.parametrize(
    ("caller", "refusal"),
    [
        (a_caller(), None),
        (a_caller(needs_certificate=True), Refusal.CERTIFICATE_REQUIRED),
        (a_caller(needs_certificate=True, kind="certificate"), None),
        (a_caller(grants=()), Refusal.NOT_GRANTED),
        (a_caller(grants=(Grant(api=PUBLIC.name, versions=()),)), Refusal.NO_SUCH_VERSION),
        (a_caller(kind="internal_token"), Refusal.CREDENTIAL_NOT_ACCEPTED),
    ],
)
def test_decides_by_who_calls(caller: Caller, refusal: Refusal | None) -> None:
    assert decide(a_route(PUBLIC), caller, None, NOW).refusal is refusal


def test_nothing_is_not_found() -> None:
    assert decide(None, a_caller(), None, NOW).refusal is Refusal.NOT_FOUND


def test_a_service_must_be_on_the_allow_list() -> None:
    api = replace(PUBLIC, allow=("orders",))
    orders = a_caller(Audience.INTERNAL, application="orders")
    assert decide(a_route(api, "internal"), orders, None, NOW).refusal is None
    billing = a_caller(Audience.INTERNAL, application="billing")
    assert decide(a_route(api, "internal"), billing, None, NOW).refusal is Refusal.NOT_ALLOWED


def test_a_version_ends_with_its_day_and_not_before() -> None:
    (version,) = PUBLIC.versions[:1]
    api = replace(PUBLIC, versions=(replace(version, sunset=date(2026, 3, 1)),))
    assert decide(a_route(api), a_caller(), None, NOW).refusal is Refusal.RETIRED
    before = datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)
    assert decide(a_route(api), a_caller(), None, before).refusal is None
    agreed = AgreedSunset(api=api.name, version=version.name, on=date(2027, 1, 1))
    assert decide(a_route(api), a_caller(sunsets=(agreed,)), None, NOW).refusal is None


@pytest.mark.parametrize(
    ("method", "path", "refusal"),
    [
        ("GET", "/a", None),
        ("TRACE", "/a", Refusal.METHOD),
        ("GET", "/a/..;/b", Refusal.AMBIGUOUS_PATH),
    ],
)
def test_some_requests_nobody_reads(method: str, path: str, refusal: Refusal | None) -> None:
    assert refused_unread(method, path) is refusal


@pytest.mark.parametrize(("kind", "word"), [("token", "jwt"), ("certificate", "mtls")])
def test_a_kind_is_called_as_the_posture_calls_it(kind: Kind, word: str) -> None:
    assert word_of(kind) == word
