"""Versions: callers hear that one will end, and when it has ended they hear what comes instead."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import http_sf
import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_contract, a_partner, a_service, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem

_GUIDE = "https://developer.acme.example/lamps"


def _in_days(days: int) -> str:
    return str(datetime.now(UTC).date() + timedelta(days=days))


_VERSIONS = {
    "3": {"contract": "openapi.yaml", "status": "current"},
    "2": {
        "contract": "openapi.yaml",
        "status": "deprecated",
        "deprecated": "2023-06-30",
        "sunset": "2999-01-01",
        "guide": _GUIDE,
    },
    "1": {
        "contract": "openapi.yaml",
        "status": "deprecated",
        "deprecated": "2020-01-01",
        "sunset": "2021-07-01",
        "guide": "openapi.yaml",
    },
    "4": {"contract": "openapi.yaml", "status": "preview", "feature": "early"},
    "5": {
        "contract": "openapi.yaml",
        "status": "deprecated",
        "deprecated": _in_days(-800),
        "sunset": _in_days(20),
        "brownouts": [{"before": "60d", "length": "59d"}],
    },
}


_BY_FLAGS = {
    "1": {"contract": "openapi.yaml"},
    "2": {"contract": "openapi.yaml", "feature": "new-ledger"},
}


_DATED = {"deprecated": True, "x-deprecated-since": "2023-06-30", "x-sunset": "2998-01-01"}


def _with_old_parts() -> dict[str, Any]:
    """The usual contract, with an operation and a parameter that will go."""
    contract = a_contract("lamps")
    answers = {"responses": contract["paths"]["/things"]["get"]["responses"]}
    parameter = {"name": "old", "in": "query", "schema": {"type": "string"}, **_DATED}
    contract["paths"]["/old"] = {"get": {**answers, **_DATED}}
    contract["paths"]["/filtered"] = {"get": {**answers, "parameters": [parameter]}}
    return contract


@pytest.fixture(scope="module")
def gateway(started_once: Started) -> Gateway:
    """`lamps` names its version in the path, `prices` in a header; one partner was given longer."""
    partner = a_partner(
        apis={
            "lamps": {"allowed_versions": ["1", "2", "3", "5"]},
            "prices": {"allowed_versions": ["2023-06-01", "2024-01-15"]},
        },
        sunsets={"lamps": {"1": "2998-01-01"}},
    )
    early = a_partner(
        id="partner_early", apis={"lamps": {}, "prices": {}}, enabled_features=["early"]
    )
    by_flags = an_api("internal", versioning={"scheme": "flags"}, versions=_BY_FLAGS)
    del by_flags["contract"]
    dated = {
        day: {"contract": "openapi.yaml", "status": "current"}
        for day in ("2023-06-01", "2024-01-15")
    }
    return started_once(
        an_estate(
            apis={
                "lamps": an_api(versions=_VERSIONS),
                "prices": an_api("partner", versioning={"scheme": "header"}, versions=dated),
                "stock": by_flags,
            },
            partners={"one": partner, "early": early},
            services={
                "orders": a_service("orders", enabled_features=["early", "new-ledger"]),
                "billing": a_service("billing"),
            },
            files={"apis/lamps/openapi.yaml": as_yaml(_with_old_parts())},
            organization={"features": {"early": "early access", "new-ledger": "by flag"}},
        )
    )


def test_a_deprecated_version_says_since_when_till_when_and_what_comes_after(
    gateway: Gateway,
) -> None:
    answer = gateway.call("/lamps/v2/things", key=gateway.developer_key)
    assert answer.status_code == 200
    assert answer.headers["deprecation"] == "@1688083200"  # RFC 9745: a date, never `true`
    since, _ = http_sf.parse(answer.headers["deprecation"].encode(), tltype="item")
    assert since == datetime(2023, 6, 30, tzinfo=UTC)
    assert answer.headers["sunset"] == "Tue, 01 Jan 2999 00:00:00 GMT"  # RFC 8594: an HTTP-date
    assert answer.headers.get_list("link", split_commas=True) == [
        f'<{_GUIDE}>; rel="deprecation"',
        f'<{_GUIDE}>; rel="sunset"',
        '</lamps/v3/>; rel="successor-version"',
    ]


def test_what_the_gate_refuses_of_a_deprecated_version_says_it_too(gateway: Gateway) -> None:
    answer = gateway.call("/lamps/v2/no-such-thing", key=gateway.developer_key)
    assert answer.status_code == 404
    assert answer.headers["deprecation"] == "@1688083200"
    assert answer.headers["sunset"] == "Tue, 01 Jan 2999 00:00:00 GMT"


def test_a_brownout_refuses_callers_outside_until_it_is_over(gateway: Gateway) -> None:
    for key in (gateway.developer_key, gateway.partner_key("one")):
        answer = gateway.call("/lamps/v5/things", key=key)
        assert answer.status_code == 410
        told = problem(answer.text)
        assert told["type"] == "urn:forecourt:problem:brownout"
        assert (told["successor"], told["sunset"]) == ("3", _in_days(20))
        assert answer.headers["cache-control"] == "no-store"
        is_over = datetime.now(UTC) + timedelta(seconds=int(answer.headers["retry-after"]))
        sunset = parsedate_to_datetime(answer.headers["sunset"])
        assert abs(sunset - timedelta(days=1) - is_over) < timedelta(minutes=1)
    assert gateway.call("/lamps/v5/things", service="orders").status_code == 200


def test_a_current_version_says_nothing_of_an_end(gateway: Gateway) -> None:
    answer = gateway.call("/lamps/v3/things", key=gateway.developer_key)
    assert answer.status_code == 200
    assert not {"deprecation", "sunset", "link"} & answer.headers.keys()


@pytest.mark.parametrize(
    ("path", "is_said"),
    [("/old", True), ("/filtered?old=1", True), ("/filtered", False), ("/things", False)],
)
def test_an_operation_or_parameter_says_its_end_where_it_is_used(
    gateway: Gateway, path: str, is_said: bool
) -> None:
    answer = gateway.call(f"/lamps/v3{path}", key=gateway.developer_key)
    assert answer.status_code == 200
    said = (answer.headers.get("deprecation"), answer.headers.get("sunset"))
    expected = ("@1688083200", "Mon, 01 Jan 2998 00:00:00 GMT") if is_said else (None, None)
    assert said == expected
    older = gateway.call(f"/lamps/v2{path}", key=gateway.developer_key)
    year = "2998" if is_said else "2999"
    assert year in older.headers["sunset"], "of several ends the earliest is said"


def test_a_version_is_gone_after_its_sunset(gateway: Gateway) -> None:
    answer = gateway.call("/lamps/v1/things", key=gateway.developer_key)
    assert answer.status_code == 410
    told = problem(answer.text)
    assert told["type"] == "urn:forecourt:problem:version-retired"
    assert "version 3" in told["detail"]
    assert (told["successor"], told["sunset"]) == ("3", "2021-07-01")
    assert "guide" not in told, "nobody outside can open a file"
    assert answer.headers["sunset"] == "Thu, 01 Jul 2021 00:00:00 GMT"
    assert answer.headers["link"] == '</lamps/v3/>; rel="successor-version"'
    assert answer.headers["cache-control"] == "no-store"


def test_a_partner_keeps_a_version_as_long_as_was_agreed(gateway: Gateway) -> None:
    answer = gateway.call("/lamps/v1/things", key=gateway.partner_key("one"))
    assert answer.status_code == 200
    assert answer.headers["sunset"] == "Mon, 01 Jan 2998 00:00:00 GMT"


def test_a_preview_is_for_who_has_its_feature(gateway: Gateway) -> None:
    for key in (gateway.developer_key, gateway.partner_key("one")):
        assert gateway.call("/lamps/v4/things", key=key).status_code == 404
    assert gateway.call("/lamps/v4/things", service="billing").status_code == 404
    assert gateway.call("/lamps/v4/things", service="orders").status_code == 200
    assert gateway.call("/lamps/v4/things", key=gateway.partner_key("early")).status_code == 200


def test_a_preview_is_as_absent_as_what_is_not_there(gateway: Gateway) -> None:
    answers = [
        gateway.call(path, key=gateway.developer_key)
        for path in ("/lamps/v4/things", "/lamps/v9/things")
    ]
    bodies = [problem(a.text) | {"request_id": ""} for a in answers]
    assert bodies[0] == bodies[1]
    assert answers[0].headers.keys() == answers[1].headers.keys()


@pytest.mark.parametrize(("service", "served"), [("orders", "2"), ("billing", "1")])
def test_a_feature_chooses_the_version_where_the_api_says_so(
    gateway: Gateway, service: str, served: str
) -> None:
    answer = gateway.call("/stock/things", service=service)
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-forecourt-mock"] == f"stock@{served}"


def test_a_version_that_does_not_exist_is_not_found(gateway: Gateway) -> None:
    answer = gateway.call("/lamps/v9/things", key=gateway.developer_key)
    assert answer.status_code == 404
    assert problem(answer.text)["type"] == "urn:forecourt:problem:not-found"


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        (None, "2024-01-15"),
        ("2023-06-01", "2023-06-01"),
        ("2023-12-24", "2023-06-01"),
        ("2024-01-15", "2024-01-15"),
        ("2999-01-01", "2024-01-15"),
    ],
    ids=["none: the newest", "the day", "between: the one before", "the last day", "later"],
)
def test_a_day_in_the_header_names_the_version(
    gateway: Gateway, asked: str | None, served: str
) -> None:
    headers = {"api-version": asked} if asked else {}
    answer = gateway.call("/prices/things", key=gateway.partner_key("one"), headers=headers)
    assert answer.status_code == 200
    assert answer.headers["x-forecourt-mock"] == f"prices@{served}"


@pytest.mark.parametrize("asked", ["2022-01-01", "2024-02-30", "2", "", "latest"])
def test_a_header_that_names_no_version_is_told_what_there_is(gateway: Gateway, asked: str) -> None:
    headers = {"api-version": asked}
    answer = gateway.call("/prices/things", key=gateway.partner_key("one"), headers=headers)
    assert answer.status_code == 400
    told = problem(answer.text)
    assert told["type"] == "urn:forecourt:problem:version-not-named"
    assert told["versions"] == ["2023-06-01", "2024-01-15"]


def test_a_pin_holds_where_no_version_is_named_until_it_is_taken_away(gateway: Gateway) -> None:
    key = gateway.partner_key("early")

    def served(**headers: str) -> str:
        answer = gateway.call("/prices/things", key=key, headers=headers)
        return answer.headers["x-forecourt-mock"].removeprefix("prices@")

    application = gateway.logged(gateway.call("/prices/things", key=key))["application"]
    gateway.forecourt("consumer", "pin", application, "prices", "2023-06-01")
    eventually(lambda: served() == "2023-06-01", what="the pin")
    assert served(**{"api-version": "2024-01-15"}) == "2024-01-15"
    gateway.forecourt("consumer", "pin", application, "prices", "--unpin")
    eventually(lambda: served() == "2024-01-15", what="the newest")


def test_the_first_call_pins_and_is_counted(gateway: Gateway) -> None:
    key = gateway.partner_key("one")
    first = gateway.call("/prices/things", key=key)
    application = gateway.logged(first)["application"]
    gateway.call("/lamps/v2/things", key=key)

    def is_pinned() -> bool:
        pins = gateway.forecourt("consumer", "pins").stdout
        return f"{application}  prices  2024-01-15" in pins

    def is_counted() -> bool:
        told = json.loads(gateway.forecourt("brownouts", "lamps", "--format", "json").stdout)
        its = next(version for version in told if version["version"] == "2")
        return application in {caller["application"] for caller in its["hit"]}

    eventually(is_pinned, what="a pin", within=20)
    eventually(is_counted, what="the call among what was counted", within=20)
