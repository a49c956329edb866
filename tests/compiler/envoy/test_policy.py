"""What the gate is told of a route."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.compiler.envoy.policy import epoch, name_of, policy
from forecourt.compiler.ir.apis import Api
from forecourt.estate.api import Scheme, Status, Upstream
from tests.compiler.builders import lowered_api
from tests.governance.builders import a_version


def said(api: Api) -> dict[str, Any]:
    return policy(api, api.versions)


def test_says_whose_api_it_is_and_what_holds_for_each_audience() -> None:
    told = said(lowered_api())
    assert (told["api"], told["team"], told["audience"]) == ("payments", "payments", "public")
    assert set(told["callers"]) == {"internal", "partner", "public"}
    assert told["callers"]["public"]["errors"] == "constant"
    assert told["callers"]["public"]["body_bytes"] == 1_048_576


@pytest.mark.parametrize(
    ("allow", "expected"), [(None, None), ((), [""]), (("orders",), ["orders", ""])]
)
def test_tells_an_empty_list_from_none_at_all(
    allow: tuple[str, ...] | None, expected: list[str] | None
) -> None:
    """Envoy's Lua reads an empty list as no list."""
    assert said(lowered_api("users", "internal", allow=allow)).get("allow") == expected


def deprecated(**written: Any) -> Any:
    return a_version(
        "1",
        status=Status.DEPRECATED,
        deprecated=date(2024, 1, 1),
        sunset=date(2024, 7, 1),
        guide="guides/migrate.md",
        **written,
    )


def test_says_when_a_version_ends_and_what_follows_it() -> None:
    api = lowered_api(versions=(deprecated(), a_version("2")))
    first, second = said(api)["versions"]
    assert first == {
        "name": "1",
        "status": "deprecated",
        "deprecated": 1_704_067_200,
        "sunset": 1_719_792_000,
        "successor": "2",
        "guide": "guides/migrate.md",
        "link": '</payments/v2/>; rel="successor-version"',
    }
    assert second == {"name": "2", "status": "current"}


def test_a_link_leads_to_another_address_only() -> None:
    api = lowered_api(scheme=Scheme.HEADER, versions=(deprecated(), a_version("2")))
    assert "link" not in said(api)["versions"][0]


def by_header(*urls: str) -> Api:
    """An API with a version for each of these upstreams."""
    versions = tuple(a_version(str(i), upstream=Upstream(url=url)) for i, url in enumerate(urls, 1))
    return lowered_api(scheme=Scheme.HEADER, versions=versions)


def test_names_the_upstream_where_a_route_has_several() -> None:
    told = said(by_header("http://one", "http://two"))
    assert [v.get("upstream") for v in told["versions"]] == ["http://one:80", "http://two:80"]
    alone = said(by_header("http://one", "http://one"))
    assert [v.get("upstream") for v in alone["versions"]] == [None, None]


def test_names_the_base_path_where_a_routes_upstreams_differ_in_it() -> None:
    told = said(by_header("http://one/v1", "http://one/v2"))
    assert [v.get("base") for v in told["versions"]] == ["/v1/", "/v2/"]
    assert told["prefix"] == "/payments/"
    alike = said(by_header("http://one/v1", "http://two/v1"))
    assert [v.get("base") for v in alike["versions"]] == [None, None]


def test_a_route_changes_its_name_whenever_its_policy_does() -> None:
    """The gate reads a policy once a name."""
    apis = [
        lowered_api(),
        lowered_api(versions=(a_version("1", guide="g.md"),)),
        lowered_api(allow=("orders",)),
        lowered_api(posture={"credentials": frozenset({"jwt"})}),
    ]
    names = [name_of(api, api.versions, said(api)) for api in apis]
    assert len(set(names)) == len(names)
    again = lowered_api()
    assert name_of(again, again.versions, said(again)) == names[0]
    assert all(name.startswith("payments@1#") for name in names)


@given(st.dates(date(1970, 1, 2), date(2500, 1, 1)))
def test_a_day_begins_at_midnight_in_utc(day: date) -> None:
    moment = datetime.fromtimestamp(epoch(day), UTC)
    assert moment.date() == day
    assert (moment.hour, moment.minute, moment.second) == (0, 0, 0)
