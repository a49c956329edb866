"""Contracts by chance for estates by chance: few paths that meet each other, scopes, and marks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from forecourt.actions.compile_contracts import CompiledContracts, ContractCompiler
from forecourt.actions.parts import edge_of, wanted_parts
from forecourt.compiler.ir.edge import Edge
from forecourt.contract import Contract, read_contract
from forecourt.diagnostics import Places, Span
from forecourt.estate.api import Api, Owner, Scheme, Upstream, Version
from forecourt.estate.audience import Audience
from forecourt.estate.model import Estate
from forecourt.estate.organization import (
    Address,
    ExternalListener,
    InternalListener,
    Organization,
)
from forecourt.estate.waiver import Waiver
from tests.security.estates import EXTERNAL_HOST, INTERNAL_HOST, TODAY, TRUST_DOMAIN

# Of them, what is literal, partial and whole stands where the others could.
_TEMPLATES = ("/things", "/things/{id}", "/things/new", "/things/{id}.json", "/{any}/new", "/")
# Below the prefix of a version: what a request may ask for.
ASKED = (
    *(("GET", rest) for rest in ("", "things", "things/7", "things/new", "things/7.json")),
    *(("GET", "other/new"), ("GET", "things/n%65w"), ("GET", "nothing/at/all")),
    *(("POST", "things"), ("HEAD", "things"), ("DELETE", "things/new")),
)
SCOPES = ("things:read", "things:write", "things:own")
_OF_PEOPLE = "things:own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracted:
    """An estate whose versions have contracts; and what was compiled of them."""

    estate: Estate
    compiled: CompiledContracts

    def edge(self, narrowed: Mapping[str, Audience]) -> Edge:
        parts = wanted_parts(self.estate, {}, local=False, compiled=self.compiled)
        return edge_of(parts, narrowed)


def _operations() -> st.SearchStrategy[dict[str, Any]]:
    requirement = st.lists(st.sampled_from(SCOPES), unique=True, max_size=2)
    security = st.lists(requirement.map(lambda scopes: {"oauth": scopes}) | st.just({}), max_size=2)
    audience = st.sampled_from((None, None, *(a.value for a in Audience)))

    @st.composite
    def operation(draw: st.DrawFn) -> dict[str, Any]:
        written: dict[str, Any] = {"responses": {"200": {"description": "fine"}}}
        if draw(st.booleans()):
            written["security"] = draw(security)
        if (mark := draw(audience)) is not None:
            written["x-audience"] = mark
        return written

    return operation()


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    """A contract of a few paths."""
    methods = st.dictionaries(
        st.sampled_from(("get", "post", "delete")), _operations(), min_size=1, max_size=2
    )
    paths: dict[str, Any] = draw(
        st.dictionaries(st.sampled_from(_TEMPLATES), methods, min_size=1, max_size=4)
    )
    return _contract(paths)


def _contract(paths: Mapping[str, Any]) -> Contract:
    scopes: dict[str, Any] = dict.fromkeys(SCOPES, "a scope")
    flow = {"tokenUrl": "https://id.example/token", "scopes": scopes}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": paths,
        "components": {
            "securitySchemes": {
                "oauth": {
                    "type": "oauth2",
                    "flows": {
                        "clientCredentials": {
                            **flow,
                            "scopes": {s: "" for s in SCOPES if s != _OF_PEOPLE},
                        },
                        "authorizationCode": {
                            **flow,
                            "authorizationUrl": "https://id.example/authorize",
                        },
                    },
                }
            }
        },
    }
    contract, _ = read_contract(json.dumps(document), "things.openapi.json")
    assert contract is not None
    return contract


# One in which whoever comes so far meets each refusal.
_OF_PEOPLE_ONLY = _contract(
    {
        "/things": {
            "get": {
                "responses": {"200": {"description": "fine"}},
                "security": [{"oauth": [_OF_PEOPLE]}],
            }
        }
    }
)


@st.composite
def contracted(draw: st.DrawFn, estates: st.SearchStrategy[Estate]) -> Contracted:
    """An estate of which some versions have contracts, and some APIs hold to them otherwise."""
    estate = draw(estates)
    apis = {name: draw(_holding(api)) for name, api in estate.apis.items()}
    estate = replace(estate, apis=apis, waivers=draw(_waivers(apis)))
    drawn = draw(st.lists(contracts(), min_size=1, max_size=2))
    named = {
        version.document: draw(st.sampled_from((_OF_PEOPLE_ONLY, *drawn)))
        for api in apis.values()
        for version in api.versions
        if version.document is not None and draw(st.sampled_from((True, True, True, False)))
    }
    return Contracted(estate=estate, compiled=ContractCompiler().compile(estate, named))


def _waivers(apis: Mapping[str, Api]) -> st.SearchStrategy[tuple[Waiver, ...]]:
    """Who lets anybody call what asks for no credential, until a day."""
    return st.tuples(*(_waiver(api) for api in apis.values())).map(
        lambda drawn: tuple(waiver for waiver in drawn if waiver is not None)
    )


def _waiver(api: Api) -> st.SearchStrategy[Waiver | None]:
    versions = st.none() | st.sampled_from([version.name for version in api.versions])
    return st.none() | st.builds(
        a_waiver, st.just(api.name), versions, st.sampled_from((-1, 0, 1, 400, 400))
    )


def a_waiver(api: str, version: str | None = None, days: int = 400) -> Waiver:
    """One that lets anybody call what asks for no credential, so many days more."""
    return Waiver(
        name=f"{api}-for-anybody",
        rule="anonymous-operation",
        api=api,
        version=version,
        owner="shop",
        because="it is shown on every page",
        approved_by=("board",),
        expires=TODAY + timedelta(days=days),
        places=_PLACES,
    )


def _holding(api: Api) -> st.SearchStrategy[Api]:
    """The API, held to its contract in some way; or a plain one that everybody can call."""
    modes = st.sampled_from((None, None, "off", "observe", "enforce"))
    others = modes.map(
        lambda mode: replace(
            api, posture={**api.posture, **({} if mode is None else {"request_check": mode})}
        )
    )
    return others | st.just(replace(api, audience=Audience.PUBLIC, posture={}))


def a_plain_one() -> Contracted:
    """One public API, whose contract demands what only a person can give."""
    listeners = Organization(
        name="Acme",
        external=ExternalListener(
            address=Address(host="0.0.0.0", port=8443), hosts=(EXTERNAL_HOST,)
        ),
        internal=InternalListener(
            address=Address(host="127.0.0.1", port=9443),
            trust_domain=TRUST_DOMAIN,
            hosts=(INTERNAL_HOST,),
        ),
        places=_PLACES,
    )
    api = Api(
        name="payments",
        title="Payments",
        audience=Audience.PUBLIC,
        owner=Owner(team="shop"),
        path="/payments/",
        upstream=Upstream(url="http://payments.inside.example:8080/"),
        scheme=Scheme.PATH,
        versions=(Version(name="1", contract="apis/payments/1.openapi.yaml"),),
        folder="apis/payments",
        places=_PLACES,
    )
    estate = Estate(organization=listeners, apis={"payments": api})
    (version,) = api.versions
    assert version.document is not None
    named = {version.document: _OF_PEOPLE_ONLY}
    return Contracted(estate=estate, compiled=ContractCompiler().compile(estate, named))


_PLACES = Places(Span("somewhere.yaml", 1, 1))
