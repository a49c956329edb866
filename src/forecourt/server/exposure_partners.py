"""Asks the hosts of partners: as strangers do, and as a partner whose certificate somebody gave."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from forecourt.compiler.ir.callers import Partner
from forecourt.edge.authority import KeyPair, LocalAuthority
from forecourt.edge.exposure.asking import Door
from forecourt.edge.exposure.guarded import Guarded, Opening
from forecourt.edge.exposure.partner_hosts import (
    PartnerHost,
    PartnersAsked,
    Visitor,
    ask_partner_hosts,
)
from forecourt.edge.exposure.probes import Edge, Target, by_path
from forecourt.edge.exposure.probing import Probed
from forecourt.edge.exposure.proof import Proof

# Asks for things that must not be found, at an edge as its callers know it, by a door.
ProbeEdge = Callable[[Collection[Target], Edge, Door], Probed]

NOBODY = Visitor(words="without a certificate", certificate=None)


class NoSuchPartnerHost(Exception):
    """The partner whose certificate was given has no host of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCertificate:
    """The certificate of a partner, to see what it opens besides."""

    partner: str
    pair: KeyPair


@dataclass(frozen=True, slots=True, kw_only=True)
class AtPartners:
    """What is known of a gateway that has partners: where it is asked, and for what."""

    door: Door
    edge: Edge
    inside: tuple[Target, ...]
    proof: Proof
    apis: tuple[Guarded, ...]


def ask_partners(
    partners: Collection[Partner],
    at: AtPartners,
    shown: ShownCertificate | None,
    *,
    probe: ProbeEdge,
    now: datetime,
) -> PartnersAsked:
    """`shown` is that of a partner with a host. Raises `OSError` where nobody listens."""
    hosts = {p.name: PartnerHost(partner=p.name, host=p.host) for p in partners if p.host}
    if not hosts:
        return PartnersAsked(hosts=0, requests=0, openings=())
    with TemporaryDirectory(prefix="forecourt-") as folder:
        stranger = Visitor(
            words="with a certificate that nobody knows", certificate=_made(Path(folder), now)
        )
        known = None if shown is None else (shown.partner, _visitor(shown))
        asked = ask_partner_hosts(
            hosts.values(), (NOBODY, stranger), at.door, path=at.edge.outside, known=known
        )
    if shown is None:
        return asked
    granted = {g.api: g.versions for p in partners if p.name == shown.partner for g in p.grants}
    return _besides(asked, shown, hosts[shown.partner], at, granted, probe)


def _besides(
    asked: PartnersAsked,
    shown: ShownCertificate,
    host: PartnerHost,
    at: AtPartners,
    granted: Mapping[str, tuple[str, ...] | None],
    probe: ProbeEdge,
) -> PartnersAsked:
    """What the partner finds at its own host that its contract does not name, or that is inside."""
    its = [prefix for prefix, api, _ in at.proof.outside if api in granted]
    probed = probe(
        (*at.inside, *_of_others(at, granted)),
        replace(at.edge, host=host.host, outside=its[0] if its else at.edge.outside),
        replace(at.door, server_name=host.host, certificate=shown.pair),
    )
    return replace(
        asked,
        requests=asked.requests + probed.requests,
        unjudged=probed.unjudged,
        openings=(
            *asked.openings,
            *(
                Opening(place=f"as partner `{shown.partner}`: {o.place}", because=o.because)
                for o in probed.openings
            ),
        ),
    )


def _of_others(at: AtPartners, granted: Mapping[str, tuple[str, ...] | None]) -> Iterator[Target]:
    """Where versions stand that its contract does not name, and what is below."""
    for prefix, name, version in at.proof.outside:
        if name in granted and (granted[name] is None or version in (granted[name] or ())):
            continue
        yield Target(api=name, path=prefix)
        for api in at.apis:
            operations = [o for o in api.operations if o.version == version]
            if api.name == name:
                for path, methods in by_path(prefix, operations).items():
                    yield Target(api=name, path=path, methods=methods)


def _visitor(shown: ShownCertificate) -> Visitor:
    return Visitor(
        words=f"with the certificate of partner `{shown.partner}`", certificate=shown.pair
    )


def _made(folder: Path, now: datetime) -> KeyPair:
    """A certificate of an authority that exists for this run only."""
    authority = LocalAuthority(folder, "nobody")
    authority.ensure(now)
    pair = KeyPair(certificate=folder / "stranger.pem", key=folder / "stranger.key")
    authority.client(pair, "spiffe://nobody.invalid/any", now)
    return pair
