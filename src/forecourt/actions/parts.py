"""A revision's parts: published piece by piece, so that one mistake holds back one piece."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import msgspec

from forecourt.actions.authority_file import AuthorityFile
from forecourt.actions.check_estate import Examined
from forecourt.actions.compile_contracts import CompiledContracts
from forecourt.actions.published import callers_from_parts, parts_from_callers
from forecourt.compiler.ir.apis import Api
from forecourt.compiler.ir.callers import Partner
from forecourt.compiler.ir.edge import Edge, Gateway
from forecourt.compiler.lowering.apis import lower_api
from forecourt.compiler.lowering.callers import lower_callers
from forecourt.compiler.lowering.gateway import lower_gateway
from forecourt.compiler.narrowing import narrowed
from forecourt.estate.audience import Audience
from forecourt.estate.model import Estate

GATEWAY = "gateway"
API = "api/"

Parts = Mapping[str, str]

_NO_DIGESTS: Mapping[str, AuthorityFile] = MappingProxyType({})
_NO_CONTRACTS = CompiledContracts()


class NothingToServe(Exception):
    """No revision and no organisation: there is no listener to serve anything on."""


def api_part(name: str) -> str:
    """The part that holds an API."""
    return f"{API}{name}"


def wanted_parts(
    estate: Estate,
    before: Parts,
    *,
    local: bool,
    digests: Mapping[str, AuthorityFile] = _NO_DIGESTS,
    compiled: CompiledContracts = _NO_CONTRACTS,
) -> dict[str, str]:
    """The parts of what is declared. What could not be read is absent.

    `before` gives the listeners where `forecourt.yaml` could not be read. `digests` are those
    of authorities' files by path: another authority in the same file is another authority.
    `compiled` are the contracts that callers are held to. Raises `NothingToServe` where nothing
    gives a listener.
    """
    parts: dict[str, str] = {}
    if estate.organization is not None:
        gateway = lower_gateway(estate.organization, local=local)
        if (file := digests.get(gateway.client_ca or "")) is not None:
            gateway = replace(gateway, client_ca_sha256=file.sha256, client_ca_holds=file.holds)
        parts[GATEWAY] = _text(gateway)
    else:
        gateway = gateway_of(before)
    callers = lower_callers(estate, external_host=gateway.external.hosts[0])
    partners = (_trusting(p, digests.get(p.ca or "")) for p in callers.partners)
    parts |= parts_from_callers(replace(callers, partners=tuple(partners)))
    for name, api in sorted(estate.apis.items()):
        contracts = compiled.references.get(name, {})
        lenses = compiled.lenses.get(name, {})
        lowered = lower_api(
            api,
            mocked=local,
            contracts=contracts,
            lenses=lenses,
            anonymous=compiled.anonymous.get(name, {}),
        )
        parts[api_part(name)] = _text(lowered)
    return parts


def _trusting(partner: Partner, file: AuthorityFile | None) -> Partner:
    if file is None:
        return partner
    return replace(partner, ca_sha256=file.sha256, ca_holds=file.holds)


def declared_parts(examined: Examined, before: Parts, *, local: bool) -> dict[str, str]:
    """The parts of an estate that was examined. Raises `NothingToServe`."""
    return wanted_parts(
        examined.estate,
        before,
        local=local,
        digests=examined.digests,
        compiled=examined.compiled,
    )


def gateway_of(parts: Parts) -> Gateway:
    """The listeners of a revision. Raises `NothingToServe`."""
    try:
        text = parts[GATEWAY]
    except KeyError:
        raise NothingToServe from None
    return msgspec.convert(_with_place(text, GATEWAY), type=Gateway)


def api_of(text: str, part: str) -> Api:
    """The API that a part holds."""
    return _api(text, part)


def edge_of(parts: Parts, narrowings: Mapping[str, Audience]) -> Edge:
    """The edge that these parts make, with the narrowings in force. Raises `NothingToServe`."""
    apis = (api_of(text, part) for part, text in sorted(parts.items()) if part.startswith(API))
    return Edge(
        gateway=gateway_of(parts),
        apis=tuple(effective(api, narrowings) for api in apis),
        callers=callers_from_parts(parts),
    )


def effective(api: Api, narrowings: Mapping[str, Audience]) -> Api:
    """The API as it is served: narrower than declared, where somebody narrowed it."""
    return narrowed(api, narrowings[api.name]) if api.name in narrowings else api


# A publish reads every part again; most did not change since the last.
@lru_cache(maxsize=20_000)
def _api(text: str, part: str) -> Api:
    return msgspec.convert(_with_place(text, part), type=Api)


def _text(value: Api | Gateway) -> str:
    fields: dict[str, Any] = msgspec.to_builtins(value)
    return msgspec.json.encode(_placeless(fields), order="deterministic").decode()


def _placeless(value: Any) -> Any:
    """Without the places where it was written: moving a line in a file changes no part."""
    match value:
        case dict():
            return {k: _placeless(v) for k, v in value.items() if k != "origin"}
        case list() | tuple():
            return [_placeless(v) for v in value]
        case _:
            return value


def _with_place(text: str, part: str) -> dict[str, Any]:
    origin = {"path": part, "line": 1, "column": 1}
    fields: dict[str, Any] = msgspec.json.decode(text)
    for version in fields.get("versions", ()):
        version["origin"] = origin
    return {**fields, "origin": origin}
