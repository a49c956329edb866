"""What the gate is told of a route."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.compiler.envoy.policy import epoch, name_of, policy
from forecourt.compiler.ir.apis import Anonymous, Api
from forecourt.compiler.ir.callers import Limit
from forecourt.estate.api import Scheme, Status, Upstream
from forecourt.estate.rate_limit import RateLimit
from tests.compiler.builders import A_LENS, lowered_api, raised_api
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
        "successors": [{"name": "2", "link": '</payments/v2/>; rel="successor-version"'}],
        "guide_file": "guides/migrate.md",
        "brownouts": [
            *(1_717_200_000, 1_717_243_200),  # 1 June, 12 hours
            *(1_718_582_400, 1_718_668_800),  # 17 June, 24 hours
            *(1_719_187_200, 1_719_360_000),  # 24 June, 48 hours
        ],
    }
    assert second == {"name": "2", "status": "current"}


def test_a_successor_without_a_path_of_its_own_is_told_by_the_field_that_names_it() -> None:
    api = lowered_api(scheme=Scheme.HEADER, versions=(deprecated(), a_version("2")))
    (successor,) = said(api)["versions"][0]["successors"]
    assert successor["link"] == '</payments/>; rel="successor-version"; api-version="2"'


def test_names_every_current_version_as_a_successor_the_newest_first() -> None:
    versions = (deprecated(), a_version("2"), a_version("10"), a_version("9", status=Status.DRAFT))
    told = said(lowered_api(versions=versions))["versions"][0]
    assert [s["name"] for s in told["successors"]] == ["10", "2"]


def test_tells_a_guide_that_callers_can_open_from_a_file() -> None:
    guide = "https://developer.acme.example/migrate"
    version = a_version("1", status=Status.DEPRECATED, guide=guide)
    told = said(lowered_api(versions=(version, a_version("2"))))["versions"][0]
    assert told["guide"] == guide
    assert "guide_file" not in told


def test_says_whom_brownouts_refuse() -> None:
    callers = said(lowered_api())["callers"]
    assert [a for a in callers if callers[a].get("brownouts")] == ["partner", "public"]


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


def test_says_which_lenses_lie_between_a_version_and_what_its_service_speaks() -> None:
    first, second = said(raised_api())["versions"]
    assert (first["lens"], first["speaks"]) == (A_LENS, "2")
    assert first["base"] == second["base"] == "/"
    assert "lens" not in second
    assert said(raised_api())["test_base"] == "/payments/"
    assert "test_base" not in said(lowered_api())


def opened(per_minute: int = 60, bucket: str = "", **written: Any) -> dict[str, Any]:
    """What holds for who brings no credential, where anybody may call `GET /rates`."""
    api = lowered_api(**written)
    anonymous = Anonymous(
        operations=("GET /rates",),
        until=date(2030, 1, 1),
        way_in="in",
        way_out="out",
        limit=Limit(per_minute=per_minute, capacity=15.0),
        bucket=bucket,
    )
    versions = tuple(replace(version, anonymous=anonymous) for version in api.versions)
    told = said(replace(api, versions=versions))
    assert told["versions"][0]["contracts"]["anonymous"] == {"way_in": "in", "way_out": "out"}
    assert told["versions"][0]["anonymous_till"] == epoch(date(2030, 1, 1))
    found: dict[str, Any] = told["callers"]["anonymous"]
    return found


def test_who_brings_no_credential_is_held_as_the_public_is_and_goes_first() -> None:
    told = opened(posture={"shedding": "last"})
    public = said(lowered_api(posture={"shedding": "last"}))["callers"]["public"]
    assert "class" in public
    assert "class" not in told
    same = public.keys() - {"class", "credentials"}
    assert {key: told[key] for key in same} == {key: public[key] for key in same}
    assert told["credentials"] == ["anonymous"]
    assert (told["per_minute"], told["capacity"], told["bucket"]) == (60, 15.0, "")


def test_who_brings_no_credential_pays_from_the_bucket_of_an_address_alone() -> None:
    posture = {"rate_limit": RateLimit(requests_per_minute=10)}
    less = opened(10, "payments", posture=posture)
    assert (less["per_minute"], less["capacity"], less["bucket"]) == (10, 15.0, "payments")
    assert "limit" not in less


def test_nobody_counts_without_a_credential_where_nothing_is_open() -> None:
    assert "anonymous" not in said(lowered_api())["callers"]
