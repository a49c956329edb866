"""Looks for openings: judges what Envoy is told, asks what it answers, and signs what was found."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from forecourt.actions.check_estate import Examined
from forecourt.actions.entropy import Entropy
from forecourt.actions.exposure_report import ExposureReport, document, signature
from forecourt.actions.guarded_apis import as_published, guarded_apis, names_inside
from forecourt.actions.parts import edge_of
from forecourt.actions.revision import Narrowing, Revision
from forecourt.actions.signing_key import SigningKey
from forecourt.compiler.envoy import files
from forecourt.compiler.ir.callers import Partner
from forecourt.compiler.ir.edge import Edge as ServedEdge
from forecourt.compiler.ir.edge import Listener
from forecourt.edge.compiled_contracts import CompiledContractFolder
from forecourt.edge.exposure.asking import Door
from forecourt.edge.exposure.gateways_own import own_targets
from forecourt.edge.exposure.guarded import Guarded
from forecourt.edge.exposure.partner_hosts import PartnersAsked
from forecourt.edge.exposure.probes import Edge, targets
from forecourt.edge.exposure.probing import FULL_PACE, Fields, Pace, Probed, probe_edge
from forecourt.edge.exposure.proof import Proof, prove
from forecourt.edge.exposure.shadow import Shadow, latest_requests, shadow_operations
from forecourt.edge.exposure.upstreams import MOST_UPSTREAMS
from forecourt.edge.exposure_reports import ExposureReports
from forecourt.edge.snapshots import SnapshotFolder
from forecourt.estate.audience import Audience
from forecourt.server.exposure_partners import (
    AtPartners,
    NoSuchPartnerHost,
    ShownCertificate,
    ask_partners,
)
from forecourt.server.exposure_upstreams import Network, look_at_upstreams

# Of a wildcard address the machine's own; and so many names of services that mean something inside.
_HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
_MOST_NAMES = 4


class PublishedParts(Protocol):
    """What was published."""

    async def newest(self) -> Revision | None:
        """The last revision."""
        ...

    async def parts(self, number: int) -> dict[str, str]:
        """The text of each of its parts."""
        ...


class StandingNarrowings(Protocol):
    """What was narrowed by hand."""

    async def standing(self) -> tuple[Narrowing, ...]:
        """Every narrowing in force."""
        ...


class NothingServed(Exception):
    """Nothing was published from this state folder yet, so nothing can be open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What looking needs of the world."""

    state: Path
    revisions: PublishedParts
    narrowings: StandingNarrowings
    key: Callable[[], SigningKey]
    clock: Callable[[], datetime]
    entropy: Entropy
    network: Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How the edge is asked: at another address than its own listener's (HOST, PORT), with a
    credential, with the certificate of a partner, at which pace. `is_asked` False: not at all.
    `asks_upstreams`: services too, so many (None: all)."""

    is_asked: bool = True
    asks_upstreams: bool = True
    address: tuple[str, int] | None = None
    credential: Fields = ()
    partner: ShownCertificate | None = None
    pace: Pace = FULL_PACE
    most_upstreams: int | None = MOST_UPSTREAMS


async def look(examined: Examined, world: Looking, asked: Asked) -> tuple[ExposureReport, Path]:
    """Judges what is served by what the files say, and keeps the report, signed.

    Raises `NothingServed`, `NoSuchPartnerHost`, and `OSError` where the report cannot be kept.
    """
    newest = await world.revisions.newest()
    folder = SnapshotFolder(world.state)
    digest = folder.current()
    if newest is None or digest is None:
        raise NothingServed
    narrowings = {n.api: n.audience for n in await world.narrowings.standing()}
    served = edge_of(await world.revisions.parts(newest.number), narrowings)
    apis, proof = await asyncio.to_thread(
        _judged, examined, served, narrowings, world.state, digest
    )
    gateway = served.gateway
    door = _door(gateway.external, asked.address)
    edge = _edge(gateway.external, gateway.internal, proof, apis, door)
    wanted = (
        *targets(proof.narrower, proof.outside, apis),
        *own_targets(proof.narrower, proof.outside),
    )
    where = AtPartners(door=door, edge=edge, inside=wanted, proof=proof, apis=apis)
    partners = served.callers.partners
    if asked.partner is not None and asked.partner.partner not in {
        p.name for p in partners if p.host
    }:
        raise NoSuchPartnerHost
    salt = world.entropy(8).hex()
    stopped = threading.Event()
    try:
        probed, at_partners, unprobed = await asyncio.to_thread(
            _probed, where, partners, asked, salt, world.clock(), stopped
        )
    finally:
        stopped.set()  # where we are cancelled, the thread would go on, and be waited for
    if folder.current() != digest:
        probed, at_partners = None, None
        unprobed = "something else was published while it was asked"
    upstreams = (
        await look_at_upstreams(served, world.network, salt=salt, most=asked.most_upstreams)
        if asked.asks_upstreams
        else None
    )
    shadows = await asyncio.to_thread(_shadows, world.state, proof, apis)
    report = ExposureReport(
        at=world.clock(),
        organization=gateway.organization,
        revision=newest.number if newest.snapshot == digest else None,
        snapshot=digest,
        proof=proof,
        probed=probed,
        unprobed=unprobed,
        address=f"{door.host}:{door.port}",
        has_credential=bool(asked.credential),
        partners=at_partners,
        upstreams=upstreams,
        shadows=shadows,
    )
    content = document(report)
    reports = ExposureReports(world.state)
    return report, reports.keep(report.at, content, signature(content, world.key()))


def _judged(
    examined: Examined,
    served: ServedEdge,
    narrowings: Mapping[str, Audience],
    state: Path,
    digest: str,
) -> tuple[tuple[Guarded, ...], Proof]:
    estate = examined.estate
    declared = guarded_apis(estate, examined.contracts, narrowings)
    apis = as_published(declared, served.apis)
    folder, contracts = SnapshotFolder(state), CompiledContractFolder(state)
    loaded = {d: contracts.content(d) for d in folder.contracts(digest)}
    never = names_inside(estate, apis)
    return apis, prove(folder.serving(), apis, never=never, contracts=loaded)


def _probed(
    where: AtPartners,
    partners: Collection[Partner],
    asked: Asked,
    salt: str,
    now: datetime,
    stopped: threading.Event,
) -> tuple[Probed | None, PartnersAsked | None, str]:
    """What asking found at the host of everybody and at those of partners, or why nobody asked."""
    if not asked.is_asked:
        return None, None, "it was not asked to"
    probe = partial(probe_edge, salt=salt, is_stopped=stopped.is_set)
    probed = at_partners = None
    try:
        probed = probe(
            where.inside, where.edge, where.door, credential=asked.credential, pace=asked.pace
        )
        again = replace(asked.pace, unread=frozenset(probed.unread))
        at_partners = ask_partners(
            partners, where, asked.partner, probe=partial(probe, pace=again), now=now
        )
    except OSError as error:
        place = f"{where.door.host}:{where.door.port}"
        return probed, at_partners, f"{place} cannot be reached: {error.strerror or error}"
    return probed, at_partners, ""


def _shadows(state: Path, proof: Proof, apis: Collection[Guarded]) -> tuple[Shadow, ...]:
    requests = latest_requests(state / files.ACCESS_LOG)
    return shadow_operations(requests, (*proof.outside, *proof.inside), apis)


def _door(external: Listener, address: tuple[str, int] | None) -> Door:
    host, port = address or (_HERE.get(external.host, external.host), external.port)
    return Door(host=host, port=port, server_name=external.hosts[0])


def _edge(
    external: Listener, internal: Listener, proof: Proof, apis: Collection[Guarded], door: Door
) -> Edge:
    hosts = {p.host for api in apis if not api.is_outside for p in api.places}
    return Edge(
        host=external.hosts[0],
        port=door.port,
        outside=proof.outside[0][0] if proof.outside else "/",
        inside=(*internal.hosts[:1], *sorted(hosts)[:_MOST_NAMES]),
    )
