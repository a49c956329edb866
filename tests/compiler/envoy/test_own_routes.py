"""Which requests the gateway answers itself, on each listener."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from forecourt.compiler.snapshot import snapshot
from forecourt.estate.own_paths import OWN_PATHS
from tests.compiler.builders import an_edge, own_of, resources, some_keys
from tests.governance.builders import an_api


def own(listener: str, *, keys: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """With an API at `/`, and the keys of an authorization server, or none."""
    with_ours = replace(some_keys(), own=keys)
    made = snapshot(an_edge(an_api(path="/")), with_ours, lua_digest="0123456789abcdef")
    (found,) = resources(made, f"routes-{listener}.json")
    return own_of(found["virtual_hosts"][0]["matcher"])


KEYS = {"external": '{"keys":[]}', "internal": ""}


@pytest.mark.parametrize("listener", OWN_PATHS)
def test_each_is_answered_by_its_whole_path_with_any_query(listener: str) -> None:
    whole, begun = own(listener, keys=KEYS[listener])
    assert tuple(whole) == OWN_PATHS[listener]
    for path, route in whole.items():
        assert route["match"] == {"path": path}
        assert route["route"]["cluster"].startswith("forecourt-")
        assert begun[f"{path}?"] == route


@pytest.mark.parametrize("listener", OWN_PATHS)
@pytest.mark.parametrize("sign", ["/", ";"])
def test_what_is_below_leads_nowhere(listener: str, sign: str) -> None:
    _, begun = own(listener, keys=KEYS[listener])
    for path in OWN_PATHS[listener]:
        nowhere = begun[f"{path}{sign}"]
        assert nowhere["route"]["cluster"] == "nowhere"
        assert "metadata" not in nowhere, "the gate lets nobody through"


def test_before_there_is_a_client_no_api_has_them_either() -> None:
    whole, begun = own("external")
    assert tuple(whole) == OWN_PATHS["external"]
    assert {r["route"]["cluster"] for r in (*whole.values(), *begun.values())} == {"nowhere"}
