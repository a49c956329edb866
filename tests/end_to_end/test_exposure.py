"""A running edge is asked for everything that stands inside, in every spelling, and is closed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import told
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import acme
from tests.end_to_end.eventually import eventually
from tests.end_to_end.faults import FaultyCode
from tests.end_to_end.gateway import Gateway


def the_report(said: str) -> Path:
    return Path(said.splitlines()[-1].removeprefix("report: "))


@pytest.fixture(scope="module")
def gateway(started_once: Started) -> Gateway:
    """The example, whose `up` asks its edge as it does for everybody."""
    acme_here = acme()
    acme_here.environment = {"FORECOURT_EXPOSURE": "probe"}
    return started_once(acme_here)


@pytest.mark.slow
def test_up_looks_by_itself_and_says_how_long_ago(gateway: Gateway) -> None:
    def age() -> float:
        lines = gateway.operations("/metrics").text.splitlines()
        (line,) = (x for x in lines if x.startswith("forecourt_exposure_report_age_seconds "))
        return float(line.split()[1])

    def reports() -> list[Path]:
        return sorted((gateway.state / "reports" / "exposure").glob("*.json"))

    eventually(lambda: age() < 3600, what="a report", within=30)
    first = json.loads(reports()[0].read_text())
    assert first["probe"]["requests"] > 500
    assert first["openings"] == 0


@pytest.mark.slow
def test_nothing_is_open_and_the_report_is_signed_and_dated(gateway: Gateway) -> None:
    key = gateway.home / "key"
    key.write_text(gateway.developer_key)
    result = gateway.run("exposure", "--key", str(key))
    assert result.exit_code == 0, told(result)
    assert "nothing is open" in result.stdout
    path = the_report(result.stdout)
    report = json.loads(path.read_text())
    assert report["openings"] == 0
    assert report["probe"]["with_credential"] is True
    assert report["probe"]["targets"] > 0
    assert report["probe"]["requests"] > 500
    blocks = json.loads(gateway.run("block", "list", "--format", "json").stdout)
    assert {block["state"] for block in blocks} == {"spared"}  # nobody was taken for a scanner
    assert gateway.run("exposure", "check", str(path)).exit_code == 0
    path.write_text(path.read_text().replace('"openings": 0', '"openings": 1'))
    assert gateway.run("exposure", "check", str(path)).exit_code == 1


@pytest.mark.slow
def test_what_is_open_is_found_in_what_envoy_is_told_and_by_asking(gateway: Gateway) -> None:
    faulty = FaultyCode(gateway)
    content = json.loads(faulty.file("routes-external.json"))
    (host,) = content["resources"][0]["virtual_hosts"]
    off = {"@type": "type.googleapis.com/envoy.config.route.v3.FilterConfig", "disabled": True}
    opened = {
        "@type": "type.googleapis.com/envoy.config.route.v3.Route",
        "match": {"prefix": "/users/"},
        "route": {"cluster": "mock", "prefix_rewrite": "/users/"},
        "typed_per_filter_config": dict.fromkeys(
            ("envoy.filters.http.lua", "envoy.filters.http.rbac"), off
        ),
    }
    matcher = host["matcher"]
    while "on_no_match" in matcher and "matcher" in matcher["on_no_match"]:
        matcher = matcher["on_no_match"]["matcher"]
    action = {"action": {"name": "route", "typed_config": opened}}
    matcher["matcher_tree"]["prefix_match_map"]["map"]["/users/"] = action
    with faulty.snapshot({"routes-external.json": json.dumps(content).encode()}) as is_taken:
        assert is_taken
        eventually(lambda: gateway.call("/users/x").status_code != 401, what="it is open")
        result = gateway.run("exposure")
    assert result.exit_code == 1, told(result)
    report = json.loads(the_report(result.stdout).read_text())
    proven = [opening["because"] for opening in report["proof"]["openings"]]
    assert "the mock shows the document of the internal API `users`" in proven
    found = [opening["place"] for opening in report["probe"]["openings"]]
    for spelling in ("as it is", "a segment and back", "as host `localhost`"):
        assert any(spelling in place and "HTTP/1.1" in place for place in found), spelling
    assert any("HTTP/2" in place for place in found)
