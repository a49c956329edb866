"""What the edge asks the control plane, and how it reads the answer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.actions.entitlement import Entitlement
from forecourt.compiler.ir.callers import AgreedSunset, Grant
from forecourt.edge.buckets import bucket_id
from forecourt.estate.audience import Audience
from forecourt.server.entitlement_lines import entitlement_lines
from tests.actions.builders import a_limit
from tests.edge.entitled import some_lines
from tests.edge.luajit import Lua

KEY = b"a key"
LUA = Lua()
RESOLVER = LUA.module("resolver")
SETTINGS = LUA.value({"control_cluster": "control", "listener": "external"})

# What a credential's name may hold besides the plain.
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


def parsed(text: str) -> dict[str, Any] | None:
    found = RESOLVER.parse(text.encode().decode("latin-1"), "api_key")
    return None if found is None else dict(LUA.plain(found))


def asked(status: str | None, body: str | None = None) -> tuple[Any, str | None, Any]:
    """What comes of an answer with that status: entitlement, reason, handle."""
    headers = None if status is None else {":status": status}
    handle = LUA.handle(resolve=lambda _fields, _body: (headers, body))
    found = RESOLVER.ask(handle, SETTINGS, "api_key", "fc_live_x")
    answer, reason = found if isinstance(found, tuple) else (found, None)
    return answer, reason, handle


def test_asks_what_a_credential_stands_for() -> None:
    _, _, handle = asked("404")
    cluster, fields, body, timeout = (handle.calls[1][i] for i in range(1, 5))
    assert cluster == "control"
    assert LUA.plain(fields) == {
        ":method": "POST",
        ":path": "/resolve",
        ":authority": "control",
        "forecourt-kind": "api_key",
        "forecourt-credential": "fc_live_x",
        "forecourt-listener": "external",
    }
    assert body is None
    assert timeout <= 1000, "a request waits for it"


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        ("404", "unknown revoked\n", "unknown"),
        ("400", "malformed\n", "unknown"),
        ("503", "unavailable\n", "unavailable"),
        ("500", "", "unavailable"),
        ("504", "upstream request timeout", "unavailable"),
        ("200", None, "unavailable"),
        ("200", "", "unavailable"),
        ("200", "not what we write", "unavailable"),
        (None, None, "unavailable"),
    ],
)
def test_takes(status: str | None, body: str | None, reason: str) -> None:
    answer, why, _ = asked(status, body)
    assert answer is None
    assert why == reason


def test_reads_a_good_answer() -> None:
    answer, why, _ = asked("200", some_lines())
    assert why is None
    assert answer.credential == "key_1"


NEEDED = (
    "credential",
    "application",
    "consumer",
    "audience",
    "bucket",
    "limit",
    "capacity",
    "api",
    "fresh",
    "grace",
)


@pytest.mark.parametrize("name", NEEDED)
def test_refuses_an_answer_without(name: str) -> None:
    assert parsed(some_lines()) is not None
    assert parsed(some_lines(**{name: None})) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("audience", "everybody"),
        ("fresh", "long"),
        ("grace", "x"),
        ("limit", "0"),
        ("limit", "-1"),
        ("limit", "inf"),
        ("limit", "nan"),
        ("limit", "much"),
        ("capacity", "0.5"),
        ("capacity", "inf"),
        ("capacity", "nan"),
        ("addresses", "203.0.113.0/24"),
        ("addresses", "00000000000000000000ffffcb007100/120 *"),
        ("addresses", "00000000000000000000ffffcb007100/129"),
        ("bucket", "0000000000000"),
        ("bucket", "app_1"),
        ("bucket", "a7"),
        ("bucket", "fffffffffffffff"),
        ("bucket", "-000000000001"),
    ],
)
def test_refuses_an_answer_in_which_it_makes_no_sense(name: str, value: str) -> None:
    assert parsed(some_lines(**{name: value})) is None


def _grants() -> st.SearchStrategy[tuple[Grant, ...] | None]:
    versions = st.none() | st.lists(NAMES, unique=True, max_size=3).map(tuple)
    grant = st.builds(Grant, api=NAMES, versions=versions)
    return st.none() | st.lists(grant, unique_by=lambda g: g.api, max_size=3).map(tuple)


@st.composite
def entitlements(draw: st.DrawFn) -> Entitlement:
    seconds = st.integers(1_700_000_000, 4_100_000_000)
    moments = st.builds(datetime.fromtimestamp, seconds, st.just(UTC))
    sunset = st.builds(
        AgreedSunset, api=NAMES, version=NAMES, on=st.dates(date(2000, 1, 1), date(2200, 1, 1))
    )
    return Entitlement(
        credential=draw(NAMES),
        application=draw(NAMES),
        consumer=draw(NAMES),
        audience=draw(st.sampled_from(Audience)),
        bucket=draw(NAMES),
        limit=a_limit(draw(st.integers(1, 10_000_000))),
        grants=draw(_grants()),
        sunsets=tuple(draw(st.lists(sunset, max_size=2, unique_by=lambda s: (s.api, s.version)))),
        must_bring_certificate=draw(st.booleans()),
        addresses=draw(st.sampled_from([(), ("203.0.113.0/24", "2001:db8::/32")])),
        expires_at=draw(st.none() | moments),
    )


@given(entitlements(), st.integers(0, 10**12))
def test_reads_all_that_the_control_plane_writes(entitlement: Entitlement, news: int) -> None:
    found = parsed(entitlement_lines(entitlement, news=news, bucket_key=KEY))
    assert found is not None
    for name in ("credential", "application", "consumer"):
        assert in_utf_8(found[name]) == getattr(entitlement, name)
    terms = found["terms"]
    limit = entitlement.limit
    assert found["bucket"] == int(bucket_id(entitlement.bucket, KEY), 16)
    assert terms["kind"] == "api_key"
    assert terms["audience"] == entitlement.audience.value
    assert terms["interval"] == 60 / limit.per_minute
    assert terms["depth"] == pytest.approx(60 / limit.per_minute * limit.capacity)
    assert terms["policy"] == f'"minute";q={limit.per_minute};w=60'
    assert terms["needs_certificate"] is entitlement.must_bring_certificate
    assert (terms["networks"] is not False) is bool(entitlement.addresses)
    assert found["news"] == news
    assert found["fresh"] == entitlement.memory.fresh
    assert found["grace"] == entitlement.memory.grace
    if entitlement.expires_at is None:
        assert found["expires"] == float("inf")
    else:
        assert found["expires"] == int(entitlement.expires_at.timestamp())
    assert granted(terms["grants"]) == expected_grants(entitlement.grants)
    agreed = terms["sunsets"] or {}
    assert {in_utf_8(key) for key in agreed} == {
        f"{s.api} {s.version}" for s in entitlement.sunsets
    }


def in_utf_8(text: str) -> str:
    return text.encode("latin-1").decode()


def granted(found: Any) -> Any:
    if found is False:
        return None
    return {
        in_utf_8(api): None if versions is True else {in_utf_8(v) for v in versions}
        for api, versions in found.items()
    }


def expected_grants(grants: tuple[Grant, ...] | None) -> Any:
    if grants is None:
        return None
    return {g.api: None if g.versions is None else set(g.versions) for g in grants}


def test_reads_scopes_and_features() -> None:
    lines = some_lines(scopes="payments:read payments:write", features="early%20access bulk")
    found = parsed(lines)
    assert found is not None
    assert found["terms"]["scopes"] == "payments:read payments:write"
    assert found["terms"]["features"] == "early access bulk"


def test_leaves_the_person_encoded_since_a_signer_writes_what_it_likes() -> None:
    found, nobody = parsed(some_lines(subject="ada%0D%0Ax:%201")), parsed(some_lines())
    assert found is not None
    assert found["subject"] == "ada%0D%0Ax:%201"
    assert nobody is not None
    assert nobody["subject"] == ""


def test_callers_on_the_same_terms_share_them() -> None:
    first, second = (RESOLVER.parse(some_lines(api="payments 1 2"), "api_key") for _ in range(2))
    other = RESOLVER.parse(some_lines(api="payments 1"), "api_key")
    same = LUA.run("local a, b = ... return a.terms == b.terms", first, second)
    assert same is True
    assert LUA.run("local a, b = ... return a.terms == b.terms", first, other) is False


@given(st.text(st.characters(max_codepoint=255)))
def test_any_text_is_an_answer_or_refused(text: str) -> None:
    assert RESOLVER.parse(text, "api_key") is None or "credential" in text


@given(entitlements(), st.integers(0, 10**12), st.data())
def test_an_answer_that_was_cut_short_is_none(
    entitlement: Entitlement, news: int, data: st.DataObject
) -> None:
    text = entitlement_lines(entitlement, news=news, bucket_key=KEY)
    assert parsed(text[: data.draw(st.integers(0, len(text) - 1))]) is None


def test_the_kind_of_the_credential_is_one_of_its_terms() -> None:
    by_key, by_token = (RESOLVER.parse(some_lines(), kind) for kind in ("api_key", "token"))
    assert (by_key.terms.kind, by_token.terms.kind) == ("api_key", "token")


def test_whatever_differs_between_callers_is_not_shared() -> None:
    """Their names, their buckets and their moments; all else may be one table for many."""
    first, second = (
        RESOLVER.parse(some_lines(**dict.fromkeys(("credential", "consumer"), value)), "api_key")
        for value in ("one", "two")
    )
    assert (first.credential, second.credential) == ("one", "two")
    assert LUA.run("local a, b = ... return a.terms == b.terms", first, second) is True
