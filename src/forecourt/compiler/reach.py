"""What each kind of caller can reach: what is compared before and after a change.

A change that adds to it is a widening, whatever file it was made in. It says what the edge's Lua
decides, caller by caller and version by version, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from forecourt.compiler import choosing
from forecourt.compiler.ir.apis import Api, CallerPolicy, Version
from forecourt.compiler.ir.callers import Callers, Partner, Service
from forecourt.compiler.ir.edge import Edge, Gateway
from forecourt.compiler.lowering.apis import EXTERNAL, INTERNAL
from forecourt.estate.audience import Audience

# The kinds of credential that the edge knows on each listener; naming another lets nobody in.
_KNOWN = {EXTERNAL: ("api_key", "jwt", "oauth2"), INTERNAL: ("internal_token", "mtls")}
# A partner that must bring a certificate is let in by nothing else, whatever an API accepts.
_CERTIFICATE = ("certificate",)

ANYONE = "anyone with a public key or token"
STRANGER = "anybody, without a credential"


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


def reach_of_edge(edge: Edge, today: date) -> frozenset[Reach]:
    """Everything that anybody can reach on that day."""
    return frozenset(
        (
            *reach_of_gateway(edge.gateway),
            *reach_of_callers(edge.callers),
            *(r for api in edge.apis for r in reach_of_api(api, edge.callers, today)),
            *(r for api in edge.apis for r in tellings_of_api(api)),
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
            *(
                Reach(
                    who=f"certificates of {gateway.trust_domain}",
                    listener=INTERNAL,
                    what="connects",
                    by=f"the signature of {authority}",
                )
                for authority in _authorities(
                    gateway.client_ca, gateway.client_ca_sha256, gateway.client_ca_holds
                )
            ),
        )
    )


def _address(listener: str, address: str, host: str) -> Reach:
    return Reach(who="the network", listener=listener, what=f"{address} as {host}")


def _authorities(file: str | None, sha256: str | None, holds: tuple[str, ...]) -> tuple[str, ...]:
    """Each of a file lets in its own; what was published before that was known is one."""
    if file is None:
        return ("the local authority",)
    if sha256 is None:
        return (file,)
    return tuple(f"{file} ({digest[:16]})" for digest in holds or (sha256,))


def reach_of_callers(callers: Callers) -> frozenset[Reach]:
    """Who counts as whom."""
    return frozenset(
        (
            *(
                Reach(who=s.identity, listener=INTERNAL, what=f"is service {s.name}")
                for s in callers.services
            ),
            *(
                _has_feature(f"service {s.name}", INTERNAL, f)
                for s in callers.services
                for f in s.features
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
    yield Reach(who=f"keys and tokens of {partner.id}", listener=EXTERNAL, what=name)
    for feature in partner.features:
        yield _has_feature(f"partner {partner.name}", EXTERNAL, feature)
    for fingerprint in partner.sha256:
        yield Reach(who=f"certificate {fingerprint}", listener=EXTERNAL, what=name)
    if partner.ca:
        for signer in _authorities(partner.ca, partner.ca_sha256, partner.ca_holds):
            yield Reach(who=f"certificates signed by {signer}", listener=EXTERNAL, what=name)
    if partner.host is None:
        yield Reach(who="a key alone", listener=EXTERNAL, what=name)


def _has_feature(who: str, listener: str, feature: str) -> Reach:
    return Reach(who=who, listener=listener, what=f"has the feature {feature}")


def reach_of_api(api: Api, callers: Callers, today: date) -> frozenset[Reach]:
    """Who can reach each version of an API on that day, where, and by which credential."""
    return frozenset(
        Reach(who=who, listener=listener, what=_what(api, version), by=by)
        for listener in api.listeners
        for who, version, by in _uses(api, callers, listener, today)
    ) | frozenset(_anonymous(api, today))


def tellings_of_api(api: Api) -> frozenset[Reach]:
    """To whom outside an API's errors tell what is inside: owners, an upstream's own words."""
    return frozenset(
        Reach(
            who=f"{caller.audience.value} callers",
            listener=EXTERNAL,
            what=f"the inner details of errors of {api.name}",
        )
        for caller in api.callers
        if EXTERNAL in api.listeners and caller.audience.is_external and caller.errors == "detailed"
    )


def _anonymous(api: Api, today: date) -> Iterator[Reach]:
    """What of an API who brings no credential may call on that day."""
    if EXTERNAL not in api.listeners:
        return
    live = [v for v in api.versions if _is_live(v.sunset, today)]
    its = _callable(api, [v for v in api.versions if v.is_released and v.is_open_to(())], live)
    for version in api.versions:
        opened = version.anonymous
        if version.name in its and opened is not None and today < opened.until:
            for operation in opened.operations:
                what = f"may call {operation} of {_what(api, version.name)}"
                yield Reach(who=STRANGER, listener=EXTERNAL, what=what)


def _what(api: Api, version: str) -> str:
    return f"{api.name} version {version}" if version else api.name


def _uses(api: Api, callers: Callers, listener: str, today: date) -> Iterator[tuple[str, str, str]]:
    accepted = {c.audience: _ways(c, callers, listener) for c in api.callers}
    live = [v for v in api.versions if _is_live(v.sunset, today)]
    if listener == INTERNAL:
        for service in _allowed(api, callers.services):
            its = _callable(api, [v for v in api.versions if v.is_open_to(service.features)], live)
            for by in accepted[Audience.INTERNAL]:
                yield from ((f"service {service.name}", version, by) for version in its)
        return
    released = [v for v in api.versions if v.is_released]
    for by in accepted.get(Audience.PUBLIC, ()):
        its = _callable(api, [v for v in released if v.is_open_to(())], live)
        yield from ((ANYONE, version, by) for version in its)
    if Audience.PARTNER in accepted:
        for partner in callers.partners:
            ways = accepted[Audience.PARTNER] if partner.host is None else _CERTIFICATE
            for version in _granted(api, partner, released, today):
                yield from ((f"partner {partner.name}", version, by) for by in ways)


def _callable(api: Api, versions: list[Version], live: list[Version]) -> list[str]:
    """Of what is there for a caller, what a request can lead to that lives: flags choose one."""
    if api.by_flags:
        one = choosing.chosen(api, tuple(versions), lambda _: True, wanted=None, pinned=None)
        versions = [] if one is None else [one]
    return [v.name for v in versions if v in live]


def _ways(policy: CallerPolicy, callers: Callers, listener: str) -> tuple[str, ...]:
    """The credentials that let such callers in: a token only where somebody signs theirs."""
    signed_for = {issuer.callers for issuer in callers.issuers}
    return tuple(
        by
        for by in policy.credentials
        if by in _KNOWN[listener] and (by != "jwt" or policy.audience in signed_for)
    )


def _is_live(sunset: date | None, today: date) -> bool:
    return sunset is None or today < sunset


def _allowed(api: Api, services: Iterable[Service]) -> Iterator[Service]:
    return (s for s in services if api.allow is None or s.name in api.allow)


def _granted(api: Api, partner: Partner, released: Iterable[Version], today: date) -> Iterator[str]:
    """The versions of the contract; a day agreed with the partner stands in for everybody's."""
    agreed = {s.version: s.on for s in partner.sunsets if s.api == api.name}
    its = [v for v in released if v.is_open_to(partner.features)]
    live = [v for v in its if _is_live(agreed.get(v.name, v.sunset), today)]
    for grant in partner.grants:
        if grant.api == api.name:
            named = [v for v in its if grant.versions is None or v.name in grant.versions]
            yield from _callable(api, named, live)
