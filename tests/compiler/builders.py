"""Edges, made from estates in a line or two, and the snapshots that they become."""

from __future__ import annotations

import json
from typing import Any

from forecourt.compiler.ir.apis import Api, LensRef
from forecourt.compiler.ir.callers import Callers
from forecourt.compiler.ir.edge import Edge, PublicKeys
from forecourt.compiler.lowering.apis import lower_api
from forecourt.compiler.lowering.callers import lower_callers
from forecourt.compiler.lowering.gateway import lower_gateway
from forecourt.compiler.snapshot import Snapshot, snapshot
from forecourt.estate.model import Estate
from tests.governance import builders

# A P-256 public key; nobody has the private one.
A_KEY_SET = json.dumps(
    {
        "keys": [
            {
                "kty": "EC",
                "crv": "P-256",
                "alg": "ES256",
                "kid": "1",
                "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
                "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
            }
        ]
    }
)


A_LENS = "1234567890abcdef1234567890abcdef"


def some_keys(*issuers: str) -> PublicKeys:
    """The keys of our own tokens, and of these issuers."""
    return PublicKeys(internal=A_KEY_SET, issuers=dict.fromkeys(issuers, A_KEY_SET))


def an_edge(*parts: Any, local: bool = False, **written: Any) -> Edge:
    """What the edge must do for an estate of these parts."""
    return lowered(builders.an_estate(*parts, **written), local=local)


def lowered(estate: Estate, *, local: bool = False) -> Edge:
    """What the edge must do for an estate."""
    assert estate.organization is not None
    gateway = lower_gateway(estate.organization, local=local)
    return Edge(
        gateway=gateway,
        apis=tuple(lower_api(api, mocked=local) for _, api in sorted(estate.apis.items())),
        callers=lower_callers(estate, external_host=gateway.external.hosts[0]),
    )


def raised_api(*arguments: Any, **written: Any) -> Api:
    """The same, of versions 1 and 2, where the service speaks version 2."""
    api = builders.an_api(
        *arguments,
        **{"versions": (builders.a_version("1"), builders.a_version("2")), **written},
    )
    return lower_api(api, mocked=False, lenses={"1": LensRef(digest=A_LENS, speaks="2")})


def lowered_api(*arguments: Any, **written: Any) -> Api:
    """What the edge must do for an API of `tests.governance.builders`."""
    return lower_api(builders.an_api(*arguments, **written), mocked=False)


def lowered_callers(*parts: Any) -> Callers:
    return an_edge(*parts).callers


def a_snapshot(edge: Edge, *issuers: str) -> Snapshot:
    return snapshot(edge, some_keys(*issuers), lua_digest="0123456789abcdef")


def resources(made: Snapshot, name: str) -> list[dict[str, Any]]:
    """The resources of one of its files."""
    found: list[dict[str, Any]] = json.loads(made.files[name])["resources"]
    return found


def going_on(matcher: dict[str, Any]) -> dict[str, Any]:
    """What is asked of a request that does not wait for a short body, and is not for the gateway's
    own paths."""
    found: dict[str, Any] = matcher["on_no_match"]["matcher"]
    while found.get("matcher_tree", {}).get("input", {}).get("name") == "own-path":
        found = found["on_no_match"]["matcher"]
    return found


def own_of(matcher: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The routes of the gateway's own paths: by the whole path, and by its beginning."""
    exact = matcher["on_no_match"]["matcher"]
    begun = exact["on_no_match"]["matcher"]
    trees = exact["matcher_tree"]["exact_match_map"], begun["matcher_tree"]["prefix_match_map"]
    whole, beginning = (
        {path: found["action"]["typed_config"] for path, found in tree["map"].items()}
        for tree in trees
    )
    return whole, beginning


def prefixes(matcher: dict[str, Any], *, mocked: bool = False) -> dict[str, Any]:
    """What stands below each prefix; `mocked`: for test keys."""
    matcher = going_on(matcher)
    while (exact := matcher.get("matcher_tree", {}).get("exact_match_map")) is not None:
        matcher = (exact["map"]["yes"] if mocked else matcher["on_no_match"])["matcher"]
    tree = matcher.get("matcher_tree")
    return tree["prefix_match_map"]["map"] if tree else {}


def nowhere_of(matcher: dict[str, Any]) -> dict[str, Any]:
    """What stands where no API does."""
    matcher = going_on(matcher)
    while "exact_match_map" in matcher.get("matcher_tree", {}):
        matcher = matcher["on_no_match"]["matcher"]
    route: dict[str, Any] = matcher["on_no_match"]["action"]["typed_config"]
    return route


def routes_of(made: Snapshot, listener: str) -> dict[str, dict[str, Any]]:
    """The routes of a listener by their prefix."""
    (configuration,) = resources(made, f"routes-{listener}.json")
    (host,) = configuration["virtual_hosts"]
    routes = prefixes(host["matcher"])
    return {prefix: route["action"]["typed_config"] for prefix, route in routes.items()}
