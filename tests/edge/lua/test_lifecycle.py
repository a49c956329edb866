"""What callers are told of the life of a version, exactly as the RFCs write it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import http_sf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.compiler.envoy.filters import MARK_NAMESPACE
from forecourt.compiler.envoy.routes import LIFECYCLE
from tests.edge.entitled import a_policy, an_answer
from tests.edge.luajit import Lua

LUA = Lua()
NOW = 1_000.0
GUIDE = "https://developer.example.com/deprecation"
SUCCESSORS = [
    {"name": "3", "link": '</v3/>; rel="successor-version"'},
    {"name": "2", "link": '</v2/>; rel="successor-version"'},
]


def told(policy: dict[str, Any] | None = None, answer: Any = None, **version: Any) -> Any:
    """The fields that the answer will carry."""
    lifecycle, entitlements = LUA.module("lifecycle"), LUA.module("entitlements")
    slot = entitlements.remember("x-api-key", "a key", LUA.value(an_answer(**(answer or {}))), NOW)
    handle = LUA.handle()
    spelled = {"name": "1", "status": "deprecated"} | version
    read = LUA.value(a_policy(**(policy or {})))
    lifecycle.tell(handle, slot, read, LUA.value(spelled))
    said = handle.said[MARK_NAMESPACE]
    fields = {} if said is None else {name: said[name] for name in LIFECYCLE}
    return {name: value for name, value in fields.items() if value is not None}


def test_writes_the_examples_of_the_rfcs() -> None:
    """RFC 9745, section 2.1 and 3; RFC 8594, section 3."""
    said = told(deprecated=1_688_169_599, sunset=1_719_748_799, guide=GUIDE)
    assert said["deprecation"] == "@1688169599"
    assert said["sunset"] == "Sun, 30 Jun 2024 11:59:59 GMT"
    assert said["link"].split(", ") == [
        f'<{GUIDE}>; rel="deprecation"',
        f'<{GUIDE}>; rel="sunset"',
    ]
    ends = datetime(2018, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert told(sunset=int(ends.timestamp()))["sunset"] == "Mon, 31 Dec 2018 23:59:59 GMT"


@given(st.integers(0, 4_102_444_799))
def test_others_read_back_what_was_written(seconds: int) -> None:
    said = told(deprecated=seconds, sunset=seconds + 1)
    moment, parameters = http_sf.parse(said["deprecation"].encode(), tltype="item")
    assert (moment, parameters) == (datetime.fromtimestamp(seconds, UTC), {})
    assert parsedate_to_datetime(said["sunset"]).timestamp() == seconds + 1


def test_leads_to_a_guide_that_callers_can_open_and_to_the_successor() -> None:
    said = told(deprecated=1, sunset=2, guide=GUIDE, successors=SUCCESSORS)
    assert said["link"] == (
        f'<{GUIDE}>; rel="deprecation", <{GUIDE}>; rel="sunset", </v3/>; rel="successor-version"'
    )
    assert told(deprecated=1, guide=GUIDE)["link"] == f'<{GUIDE}>; rel="deprecation"'
    assert "link" not in told(deprecated=1, guide_file="guides/migrate.md")


@pytest.mark.parametrize(
    ("versions", "expected"),
    [(True, "/v3/"), ({"1": True, "2": True}, "/v2/"), ({"1": True}, None)],
    ids=["all", "the older successor", "no successor"],
)
def test_names_a_successor_that_the_contract_allows(versions: Any, expected: str | None) -> None:
    partner = {"audience": "partner", "grants": {"payments": versions}}
    link = told(answer=partner, successors=SUCCESSORS).get("link")
    assert link == (expected and f'<{expected}>; rel="successor-version"')


def test_says_the_date_that_was_agreed_with_the_caller() -> None:
    agreed = {"sunsets": {"payments 1": 1_704_153_600}}
    assert told(answer=agreed, sunset=1_704_067_200) == {"sunset": "Tue, 02 Jan 2024 00:00:00 GMT"}


def test_nothing_ends_before_it_is_deprecated() -> None:
    agreed = {"sunsets": {"payments 1": 86_400}}
    said = told(answer=agreed, deprecated=172_800, sunset=259_200)
    assert said == {"deprecation": "@86400", "sunset": "Fri, 02 Jan 1970 00:00:00 GMT"}
    version = {"status": "deprecated", "deprecated": 200, "sunset": 300}
    assert told_of_operation({"sunset": 100}, "/", **version) == ("@100", FIRST)


def explained(*, wait: float | None = None, is_detailed: bool = False, **version: Any) -> Any:
    lifecycle, entitlements = LUA.module("lifecycle"), LUA.module("entitlements")
    slot = entitlements.remember("x-api-key", "a key", LUA.value(an_answer()), NOW)
    about = LUA.value({"is_detailed": is_detailed})
    spelled = LUA.value({"name": "1", "status": "deprecated", "sunset": 86_400 * 366} | version)
    lifecycle.explain(about, slot, LUA.value(a_policy()), spelled, wait)
    return about


def test_a_refusal_names_successor_and_guide() -> None:
    about = explained(guide=GUIDE, successors=SUCCESSORS)
    assert (about.sunset, about.successor, about.guide) == ("1971-01-02", "3", GUIDE)
    assert about.detail == f"Version 1 is no longer served. Use version 3. Its guide: {GUIDE}."
    assert about.fields["retry-after"] is None


def test_a_brownout_says_that_it_ends_and_when_to_come_back() -> None:
    about = explained(wait=59.2, successors=SUCCESSORS)
    assert about.detail == (
        "Version 1 will end on 1971-01-02, and is not served for a while so that whoever still"
        " uses it notices. Use version 3."
    )
    assert about.fields["retry-after"] == "60"


def test_only_colleagues_hear_of_a_file() -> None:
    assert explained(guide_file="guides/m.md").guide is None
    assert explained(guide_file="guides/m.md", is_detailed=True).guide == "guides/m.md"


def told_of_operation(life: dict[str, Any], path: str = "/", **version: Any) -> Any:
    lifecycle, entitlements = LUA.module("lifecycle"), LUA.module("entitlements")
    slot = entitlements.remember("x-api-key", "a key", LUA.value(an_answer()), NOW)
    handle = LUA.handle(headers={":path": path})
    spelled = LUA.value({"name": "1", "status": "current"} | version)
    policy = LUA.value(a_policy())
    lifecycle.tell_of_operation(handle, handle.sent, LUA.value(life), slot, policy, spelled)
    said = handle.said[MARK_NAMESPACE]
    return None if said is None else (said.deprecation, said.sunset)


FIRST, SECOND = "Thu, 01 Jan 1970 00:01:40 GMT", "Thu, 01 Jan 1970 00:03:20 GMT"
PARAMETER = {"location": "query", "name": "old", "since": 50, "sunset": 100}


def test_an_operation_says_when_it_ends() -> None:
    assert told_of_operation({"since": 7, "sunset": 100}) == ("@7", FIRST)
    assert told_of_operation({"sunset": 100}) == (None, FIRST)


def test_a_parameter_says_it_only_where_it_is_carried() -> None:
    life = {"parameters": [PARAMETER]}
    assert told_of_operation(life, "/?new=1") is None
    assert told_of_operation(life, "/?old=1") == ("@50", FIRST)


def test_the_earliest_day_is_said() -> None:
    life = {"since": 70, "sunset": 200, "parameters": [PARAMETER]}
    assert told_of_operation(life, "/") == ("@70", SECOND)
    assert told_of_operation(life, "/?old=1") == ("@50", FIRST)
    version = {"status": "deprecated", "deprecated": 60, "sunset": 100}
    assert told_of_operation(life, "/", **version) == ("@60", FIRST)
    assert told_of_operation(life, "/", **version | {"sunset": 300}) == ("@60", SECOND)
