"""A partner's contract: what changes in it holds within a second, and no route is published."""

from __future__ import annotations

import os
from typing import Any

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import SOON, eventually
from tests.end_to_end.gateway import Gateway

_FILE = "partners/one.yaml"


def _contract(*versions: str, **changed: Any) -> dict[str, Any]:
    return a_partner(apis={"lamps": {"allowed_versions": list(versions)}}, **changed)


def _a_gateway() -> Gateway:
    """Two versions of `lamps`, and a partner whose contract names both."""
    versions = {name: {"contract": "openapi.yaml"} for name in ("1", "2")}
    return an_estate(
        apis={"lamps": an_api("partner", versions=versions)},
        partners={"one": _contract("1", "2"), "other": a_partner("lamps", id="partner_other")},
    )


def _status(gateway: Gateway, version: str, partner: str = "one") -> int:
    path = f"/lamps/v{version}/things"
    return gateway.call(path, key=gateway.partner_key(partner)).status_code


def _snapshot(gateway: Gateway) -> str:
    return os.readlink(gateway.state / "current")


def test_a_changed_limit_holds_at_once_and_publishes_no_route(started: Started) -> None:
    gateway = started(_a_gateway())
    key = gateway.partner_key("one")
    with gateway.connection() as client:

        def policy() -> str:
            answer = client.get("/lamps/v1/things", headers={"x-api-key": key})
            return answer.headers["ratelimit-policy"]

        assert policy() == '"minute";q=1000;w=60'
        before = _snapshot(gateway)
        changed = _contract("1", "2", rate_limit={"requests_per_minute": 600})
        gateway.save(_FILE, as_yaml(changed))
        eventually(lambda: policy() == '"minute";q=600;w=60', what="the new limit", within=SOON)
        assert _snapshot(gateway) == before

        changed["rate_limit"]["requests_per_minute"] = 5000
        gateway.save(_FILE, as_yaml(changed))
        eventually(lambda: policy() == '"minute";q=5000;w=60', what="more again", within=SOON)
        assert _snapshot(gateway) == before


def test_a_version_that_is_taken_out_is_gone_at_once_for_this_partner_only(
    started: Started,
) -> None:
    gateway = started(_a_gateway())
    assert (_status(gateway, "1"), _status(gateway, "2")) == (200, 200)
    before = _snapshot(gateway)
    gateway.save(_FILE, as_yaml(_contract("2")))
    eventually(lambda: _status(gateway, "1") == 404, what="version 1 is gone", within=SOON)
    assert _status(gateway, "2") == 200
    assert _status(gateway, "1", "other") == 200
    assert _snapshot(gateway) == before


def test_a_version_that_is_added_waits_for_open(started: Started) -> None:
    gateway = started(_a_gateway())
    gateway.save(_FILE.replace("one", "other"), as_yaml(_contract("1", "2", id="partner_other")))
    gateway.wait_until_it_says("held: partner other would open:")
    assert _status(gateway, "2", "other") == 404
    gateway.forecourt("open", "partner/other", "--because", "the contract was extended")
    eventually(lambda: _status(gateway, "2", "other") == 200, what="version 2", within=SOON)


def test_a_contract_that_ends_ends_its_keys_at_once(started: Started) -> None:
    gateway = started(_a_gateway())
    key = gateway.partner_key("one")
    assert gateway.call("/lamps/v1/things", key=key).status_code == 200
    gateway.remove(_FILE)
    eventually(
        lambda: gateway.call("/lamps/v1/things", key=key).status_code == 401,
        what="the key is refused",
        within=SOON,
    )
    assert _status(gateway, "1", "other") == 200
