"""How the edge reads an entitlement."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import lupa.luajit21 as lupa
import pytest

import forecourt
from forecourt.actions.entitlement import Entitlement
from forecourt.actions.quota import QuotaState, Window
from forecourt.compiler.ir.callers import AgreedSunset, Grant
from forecourt.edge.buckets import bucket_id
from forecourt.estate.audience import Audience
from forecourt.server.entitlement_lines import entitlement_lines
from tests.actions.builders import a_limit

KEY = b"a key"
LUA = Path(forecourt.__file__).parent / "edge" / "lua"

A_DEVELOPER = Entitlement(
    credential="key_1",
    application="app_1",
    consumer="developer:ada",
    audience=Audience.PUBLIC,
    bucket="app_1",
    limit=a_limit(),
)
A_PARTNER = Entitlement(
    credential="token:id/a%20b/user 1",
    application="id/a%20b",
    consumer="partner:partner_acme_corp",
    audience=Audience.PARTNER,
    bucket="partner:partner_acme_corp",
    limit=a_limit(10_000, 4_321.0),
    grants=(Grant(api="payments", versions=("1", "2")), Grant(api="users", versions=None)),
    scopes=("read", "write:all"),
    features=("bulk-operations",),
    subject="user 1",
    sunsets=(AgreedSunset(api="payments", version="1", on=date(2025, 1, 1)),),
    must_bring_certificate=True,
    addresses=("203.0.113.0/24", "2001:db8::/32"),
    expires_at=datetime(2030, 1, 1, tzinfo=UTC),
)


def test_says_each_fact_in_a_line() -> None:
    assert entitlement_lines(A_DEVELOPER, news=7, bucket_key=KEY).splitlines() == [
        "credential key_1",
        "application app_1",
        "consumer developer:ada",
        "audience public",
        "mode live",
        "class 0",
        f"bucket {bucket_id('app_1', KEY)}",
        "limit 100",
        "capacity 25.0",
        "api *",
        "scopes *",
        "features",
        "fresh 600",
        "grace 900",
        "news 7",
    ]


def test_says_what_a_contract_adds() -> None:
    assert entitlement_lines(A_PARTNER, news=0, bucket_key=KEY).splitlines() == [
        "credential token:id/a%2520b/user%201",
        "application id/a%2520b",
        "consumer partner:partner_acme_corp",
        "audience partner",
        "mode live",
        "class 1",
        f"bucket {bucket_id('partner:partner_acme_corp', KEY)}",
        "limit 10000",
        "capacity 4321.0",
        "api payments 1 2",
        "api users *",
        "scopes read write:all",
        "features bulk-operations",
        "subject user%201",
        "sunset payments 1 1735689600",
        "addresses 00000000000000000000ffffcb007100/120 20010db8000000000000000000000000/32",
        "certificate required",
        "expires 1893456000",
        "fresh 600",
        "grace 3600",
        "news 0",
    ]


def test_says_how_many_may_be_under_way_and_what_a_person_may_use() -> None:
    limit = replace(a_limit(), at_once=5, per_user=a_limit(50, 12.5))
    entitlement = replace(A_DEVELOPER, limit=limit, subject="ada")
    lines = entitlement_lines(entitlement, news=0, bucket_key=KEY).splitlines()
    assert lines[lines.index("capacity 25.0") + 1 :][:4] == [
        "concurrent 5",
        f"user {bucket_id('app_1 for ada', KEY)}",
        "user_limit 50",
        "user_capacity 12.5",
    ]
    of_nobody = replace(entitlement, subject=None)
    assert "user" not in entitlement_lines(of_nobody, news=0, bucket_key=KEY)


def test_tells_no_api_from_every_api() -> None:
    lines = entitlement_lines(replace(A_DEVELOPER, grants=()), news=0, bucket_key=KEY).splitlines()
    assert [line for line in lines if line.startswith("api")] == ["api -"]


@pytest.mark.parametrize("text", ["a b", "a\nlimit 999999", "*", "%41", "é\r\n"])
def test_no_value_can_say_another_line(text: str) -> None:
    grants = (Grant(api=text, versions=(text,)),)
    entitlement = replace(A_DEVELOPER, consumer=text, grants=grants, scopes=(text,), subject=text)
    lines = entitlement_lines(entitlement, news=0, bucket_key=KEY).splitlines()
    assert (
        len(lines) == len(entitlement_lines(A_DEVELOPER, news=0, bucket_key=KEY).splitlines()) + 1
    )
    assert [line for line in lines if line.startswith("limit")] == ["limit 100"]
    assert "api *" not in lines
    assert not any(line.endswith(" *") for line in lines)


def _as_the_edge_reads(entitlement: Entitlement) -> Any:
    runtime = lupa.LuaRuntime()
    runtime.execute(f"package.path = '{LUA}/?.lua;' .. package.path")
    parsed = runtime.eval("require('forecourt.resolver')").parse(
        entitlement_lines(entitlement, news=42, bucket_key=KEY), "api_key"
    )
    assert parsed is not None
    return parsed


def test_of_who_is_slowed_down_the_edge_reads_whose_it_is() -> None:
    slower = replace(A_DEVELOPER, bucket="app_1/throttled", beside="app_1")
    read = _as_the_edge_reads(slower)
    assert read.bucket == int(bucket_id("app_1/throttled", KEY), 16)
    assert read.beside == int(bucket_id("app_1", KEY), 16)
    assert _as_the_edge_reads(A_DEVELOPER).beside is None


def test_the_edge_reads_what_was_meant() -> None:
    read = _as_the_edge_reads(A_PARTNER)
    assert read.credential == A_PARTNER.credential
    assert read.application == A_PARTNER.application
    assert read.consumer == A_PARTNER.consumer
    assert dict(read.terms.grants.payments) == {"1": True, "2": True}
    assert read.terms.grants.users is True
    assert read.terms.scopes == "read write:all"
    assert read.terms.sunsets["payments 1"] == 1735689600
    assert read.terms.needs_certificate is True
    assert (read.expires, read.news, read.grace) == (1893456000, 42, 3600)


def test_the_edge_tells_no_api_from_every_api() -> None:
    assert _as_the_edge_reads(A_DEVELOPER).terms.grants is False
    none = _as_the_edge_reads(replace(A_DEVELOPER, grants=())).terms.grants
    assert none is not False
    assert none["payments"] is None


def test_says_what_quotas_there_are_and_which_is_used_up() -> None:
    limit = replace(a_limit(), per_day=1000, per_month=20_000)
    resets = datetime(2026, 4, 1, tzinfo=UTC)
    state = QuotaState(window=Window.MONTH, limit=20_000, spent=20_000, resets=resets)
    spent = replace(A_DEVELOPER, limit=limit, exhausted=state)
    lines = entitlement_lines(spent, news=7, bucket_key=KEY).splitlines()
    assert lines[9:12] == ["quota day 1000", "quota month 20000", "exhausted month 1775001600"]
    terms = _as_the_edge_reads(spent).terms
    assert (terms.exhausted.window, terms.exhausted.till) == ("month", resets.timestamp())
    assert terms.policy == '"minute";q=100;w=60, "day";q=1000;w=86400, "month";q=20000'
    assert _as_the_edge_reads(replace(spent, exhausted=None)).terms.exhausted is None
