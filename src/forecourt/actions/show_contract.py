"""Show the contract of a version as callers of one audience see it."""

from __future__ import annotations

from dataclasses import dataclass

from forecourt.actions.check_estate import Examined
from forecourt.compiler.lowering.apis import natural_order, prefix_of
from forecourt.contract.projection import projected
from forecourt.contract.values import Json, decode
from forecourt.estate.api import Api, Status, Version
from forecourt.estate.audience import Audience, sees
from forecourt.governance.nearest import did_you_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The projection as an OpenAPI document."""

    document: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class NotShown:
    """There is nothing to show, and why."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """The contract cannot be read; `check` says why."""

    contract: str


def show_contract(
    examined: Examined, name: str, version: str | None, audience: Audience | None
) -> Shown | NotShown | Unreadable:
    """The OpenAPI document of a version, with what the audience sees and our paths as servers.

    Without a version: the newest that is current. Without an audience: that of the API.
    """
    api = examined.estate.apis.get(name)
    if api is None:
        way_out = did_you_mean(name, examined.estate.apis, "name an API of this estate")
        return NotShown(because=f"there is no API `{name}`; {way_out}")
    caller = api.audience if audience is None else audience
    if not sees(caller, api.audience):
        return NotShown(
            because=f"{caller.value} callers see nothing of `{name}`, which is "
            f"{api.audience.value}; name a narrower `--audience`"
        )
    chosen = _version(api, version)
    if chosen is None:
        names = [v.name for v in api.versions]
        way_out = did_you_mean(version or "", names, f"name one of {', '.join(names)}")
        return NotShown(because=f"`{name}` has no version `{version}`; {way_out}")
    if chosen.document is None or chosen.contract is None:
        return NotShown(because=f"`{name}` has no contract: its `api.yaml` names no document")
    contract = examined.contracts.get(chosen.document)
    if contract is None:
        return Unreadable(contract=chosen.contract)
    document = decode(projected(contract, caller).document)
    assert isinstance(document, dict)
    return Shown(document=_with_server(document, prefix_of(api, chosen)))


def _version(api: Api, name: str | None) -> Version | None:
    if name is not None:
        return next((v for v in api.versions if v.name == name), None)
    current = [v for v in api.versions if v.status is Status.CURRENT]
    return max(current or api.versions, key=lambda v: natural_order(v.name))


def _with_server(document: dict[str, Json], prefix: str) -> dict[str, Json]:
    """The document with our path as its only server, wherever it names one."""
    servers: Json = [{"url": prefix.rstrip("/") or "/"}]
    rest = {key: _without_servers(v) if key == "paths" else v for key, v in document.items()}
    made: dict[str, Json] = {key: rest[key] for key in ("openapi", "info") if key in rest}
    made["servers"] = servers
    return made | {key: value for key, value in rest.items() if key not in made}


def _without_servers(paths: Json) -> Json:
    if not isinstance(paths, dict):
        return paths
    return {template: _bare(item, inner=True) for template, item in paths.items()}


def _bare(item: Json, *, inner: bool) -> Json:
    if not isinstance(item, dict):
        return item
    return {
        key: _bare(value, inner=False) if inner else value
        for key, value in item.items()
        if key != "servers"
    }
