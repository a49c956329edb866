"""What each kind of caller can reach: what is compared before and after a change.

A change that adds to it is a widening, whatever file it was made in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from forecourt.compiler.ir.apis import Api
from forecourt.compiler.ir.callers import Callers, Partner, Service
from forecourt.compiler.ir.edge import Edge, Gateway
from forecourt.compiler.lowering.apis import EXTERNAL, INTERNAL
from forecourt.estate.audience import Audience

# Versions in these states are for the organisation's own services.
UNRELEASED = frozenset({"draft", "preview"})

ANYONE = "anyone with a public key or token"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Reach:
    """One thing that one kind of caller can do.

    `who` is for people (`partner acme-corp`), `listener` where they call, `what` the thing
    (`payments version 2`), `by` the credential that counts.
    """

    who: str
    listener: str
    what: str
    by: str = ""

    def __str__(self) -> str:
        how = f", by {self.by}" if self.by else ""
        return f"{self.who}: {self.what} on the {self.listener} listener{how}"


def reach_of_edge(edge: Edge) -> frozenset[Reach]:
    """Everything that anybody can reach."""
    return frozenset(
        (
            *reach_of_gateway(edge.gateway),
            *reach_of_callers(edge.callers),
            *(r for api in edge.apis for r in reach_of_api(api, edge.callers)),
        )
    )


def reach_of_gateway(gateway: Gateway) -> frozenset[Reach]:
    """Who can open a connection, and who may speak for others."""
    listeners = (gateway.external, gateway.internal)
    return frozenset(
        (
            *(_address(x.name, f"{x.host}:{x.port}", host) for x in listeners for host in x.hosts),
            *(
                Reach(who=proxy, listener=INTERNAL, what="speaks for other services")
                for proxy in gateway.mesh_proxies
            ),
            Reach(
                who=f"certificates of {gateway.trust_domain}", listener=INTERNAL, what="connects"
            ),
        )
    )


def _address(listener: str, address: str, host: str) -> Reach:
    return Reach(who="the network", listener=listener, what=f"{address} as {host}")


def reach_of_callers(callers: Callers) -> frozenset[Reach]:
    """Who counts as whom."""
    return frozenset(
        (
            *(
                Reach(who=s.identity, listener=INTERNAL, what=f"is service {s.name}")
                for s in callers.services
            ),
            *(
                Reach(
                    who=f"tokens of {i.issuer}",
                    listener=EXTERNAL,
                    what=f"{i.callers.value} callers, for {i.token_audience}, keys {i.jwks}, "
                    f"application {i.consumer_claim}",
                )
                for i in callers.issuers
            ),
            *(r for p in callers.partners for r in _partner_identity(p)),
        )
    )


def _partner_identity(partner: Partner) -> Iterator[Reach]:
    name = f"is partner {partner.name}"
    for fingerprint in partner.sha256:
        yield Reach(who=f"certificate {fingerprint}", listener=EXTERNAL, what=name)
    if partner.ca:
        yield Reach(who=f"certificates signed by {partner.ca}", listener=EXTERNAL, what=name)
    if partner.host is None:
        yield Reach(who="a key alone", listener=EXTERNAL, what=name)


def reach_of_api(api: Api, callers: Callers) -> frozenset[Reach]:
    """Who can reach each version of an API, where, and by which credential."""
    return frozenset(
        Reach(who=who, listener=listener, what=_what(api, version), by=by)
        for listener in api.listeners
        for who, version, by in _uses(api, callers, listener)
    )


def _what(api: Api, version: str) -> str:
    return f"{api.name} version {version}" if version else api.name


def _uses(api: Api, callers: Callers, listener: str) -> Iterator[tuple[str, str, str]]:
    credentials = {c.audience: c.credentials for c in api.callers}
    released = [v.name for v in api.versions if v.status not in UNRELEASED]
    if listener == INTERNAL:
        for service in _allowed(api, callers.services):
            for by in credentials[Audience.INTERNAL]:
                yield from ((f"service {service.name}", v.name, by) for v in api.versions)
        return
    for by in credentials.get(Audience.PUBLIC, ()):
        yield from ((ANYONE, version, by) for version in released)
    for partner in callers.partners:
        for by in credentials.get(Audience.PARTNER, ()):
            for version in _granted(api, partner, released):
                yield f"partner {partner.name}", version, by


def _allowed(api: Api, services: Iterable[Service]) -> Iterator[Service]:
    return (s for s in services if api.allow is None or s.name in api.allow)


def _granted(api: Api, partner: Partner, released: Iterable[str]) -> Iterator[str]:
    for grant in partner.grants:
        if grant.api == api.name:
            yield from (v for v in released if grant.versions is None or v in grant.versions)
