"""The choice of a version, said once more in Python: the edge's Lua makes the same."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecourt.compiler.choosing import chosen, is_day
from forecourt.compiler.envoy.policy import policy
from forecourt.compiler.ir.apis import Api
from forecourt.estate.api import Scheme, Status
from tests.compiler.builders import lowered_api
from tests.edge.luajit import Lua
from tests.governance.builders import a_version

LUA = Lua()
VERSIONS = LUA.module("versions")
NAMES = ("1", "2", "10", "2023-06-01", "2024-01-15", "2024-02-29", "2025-11-30")
FEATURES = ("early", "bulk")
_WANTED = st.none() | st.sampled_from(
    (*NAMES, "2023-06-02", "2024-02-28", "2023-02-29", "2999-12-31", "0000-01-01", "", "x", "1 ")
)


@st.composite
def apis(draw: st.DrawFn) -> Api:
    scheme = draw(st.sampled_from((Scheme.HEADER, Scheme.FLAGS, Scheme.PATH)))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    versions = tuple(
        a_version(
            name,
            status=draw(st.sampled_from(Status)),
            feature=draw(st.none() | st.sampled_from(FEATURES)),
        )
        for name in names
    )
    return lowered_api("payments", "partner", scheme=scheme, versions=versions)


@settings(max_examples=400)
@given(
    apis(),
    _WANTED,
    st.none() | st.sampled_from(NAMES),
    st.sets(st.sampled_from(NAMES)) | st.none(),
    st.sets(st.sampled_from(FEATURES)),
    st.booleans(),
)
def test_the_lua_chooses_the_same(
    api: Api,
    wanted: str | None,
    pinned: str | None,
    granted: set[str] | None,
    features: set[str],
    is_service: bool,
) -> None:
    versions = tuple(v for v in api.versions if v.prefix == api.versions[0].prefix)

    def may(version: object) -> bool:
        """As the issue says it: drafts are for services, previews for who has the feature."""
        assert version in versions
        v = next(v for v in versions if v == version)
        if v.status == "draft" and not is_service:
            return False
        if v.status == "preview" and v.feature is None:
            return False
        has_it = v.feature is None or v.feature in features
        return has_it and (granted is None or v.name in granted)

    said = chosen(api, versions, may, wanted=wanted, pinned=pinned)
    terms = {
        "audience": "internal" if is_service else "partner",
        "has_feature": dict.fromkeys(features, True) or False,
        "pins": {api.name: pinned} if pinned else False,
    }
    grant = True if granted is None else LUA.value(dict.fromkeys(granted, True))
    found = VERSIONS.choose(LUA.value(policy(api, versions)), grant, LUA.value(terms), wanted)
    assert (found and found.name) == (said and said.name)


def test_the_newest_by_a_day_is_that_of_the_calendar() -> None:
    versions = tuple(a_version(name) for name in NAMES)
    api = lowered_api("payments", "partner", scheme=Scheme.HEADER, versions=versions)
    days = [date.fromisoformat(name) for name in NAMES if is_day(name)]
    for number in range(date(2023, 5, 1).toordinal(), date(2026, 1, 1).toordinal(), 7):
        day = date.fromordinal(number)
        said = chosen(api, api.versions, lambda _: True, wanted=str(day), pinned=None)
        assert (said and said.name) == max((str(d) for d in days if d <= day), default=None)


@given(st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True) | st.text(max_size=12))
def test_both_know_the_calendar(text: str) -> None:
    if text.isascii():
        assert VERSIONS.is_day(text) is is_day(text)


@pytest.mark.parametrize("text", ["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"])
def test_a_day_of_the_calendar_is_one(text: str) -> None:
    assert is_day(text)
    assert VERSIONS.is_day(text)
