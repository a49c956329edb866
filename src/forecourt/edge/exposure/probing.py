"""Asks a running edge for everything that must not be found, and for what nobody has named."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from hashlib import sha256

from forecourt.edge.exposure.asking import Answer, Asking, Door, Http1, Http2
from forecourt.edge.exposure.guarded import Opening
from forecourt.edge.exposure.probes import Edge, Probe, Target, decoy, probes

# So many things are looked for in one run, with every spelling of each; the report counts the rest,
# which have their turn in others.
MOST_TARGETS = 200

HTTP2 = "HTTP/2"

# So that whoever reads logs knows who asked.
_WHO = (("user-agent", "forecourt-exposure"),)

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What was asked and what is open.

    `requests` were judged. `unjudged` were not, because the edge was too busy to say more than that
    (429, 503). `left_out` are targets beyond the most. `unread` are spellings that end the
    connection wherever they lead (`HTTP/2, bare backslashes`): they were asked twice.
    """

    targets: int
    requests: int
    unjudged: int
    left_out: int
    unread: tuple[str, ...]
    openings: tuple[Opening, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much is asked: the seconds between two targets, and their number (None: all).

    `is_safe_only`: by no method that may change something where it gets through. `unread` are
    spellings that are known to end the connection, and not asked.
    """

    pause: float = 0.0
    most: int | None = MOST_TARGETS
    is_safe_only: bool = False
    unread: frozenset[str] = frozenset()


FULL_PACE = Pace()


def probe_edge(
    wanted: Collection[Target],
    edge: Edge,
    door: Door,
    *,
    salt: str,
    credential: Fields = (),
    pace: Pace = FULL_PACE,
    is_stopped: Callable[[], bool] = lambda: False,
    ask: Callable[[Door], tuple[tuple[str, Asking], ...]] | None = None,
) -> Probed:
    """Asks without a credential, and with one where it is given.

    An answer is an opening where it does not refuse, or refuses otherwise than it does where nobody
    has named anything: then the edge knows of something there. `salt` makes names that nobody can
    have foreseen; once `is_stopped`, nothing more is asked. Raises `OSError` where nobody listens.
    """
    chosen = _chosen(wanted, salt, pace.most)
    judged = _Judged(is_stopped, pace)
    with Http1(door) as http1, Http2(door) as http2:
        speaking = ask(door) if ask else (("HTTP/1.1", http1), (HTTP2, http2))
        for target in chosen:
            for protocol, asking in speaking:
                for fields in ((), credential) if credential else ((),):
                    _ask_for(target, edge, protocol, asking, (*_WHO, *fields), salt, judged)
            if is_stopped():
                break
            time.sleep(pace.pause)
    return Probed(
        targets=len(chosen),
        requests=judged.requests,
        unjudged=judged.unjudged,
        left_out=len(wanted) - len(chosen),
        unread=tuple(sorted(judged.unread)),
        openings=tuple(judged.openings),
    )


def _chosen(wanted: Collection[Target], salt: str, most: int | None) -> list[Target]:
    """Where APIs stand before what is below; else by chance, so that each has its turn some day."""

    def turn(target: Target) -> tuple[bool, bytes]:
        return not target.path.endswith("/"), sha256(f"{salt}{target}".encode()).digest()

    return sorted(wanted, key=turn)[:most]


class _Judged:
    """What has come of it so far."""

    def __init__(self, is_stopped: Callable[[], bool], pace: Pace) -> None:
        self.is_stopped = is_stopped
        self.is_safe_only = pace.is_safe_only
        self.requests = 0
        self.unjudged = 0
        self.unread: set[str] = set(pace.unread)
        self.openings: list[Opening] = []


def _ask_for(
    target: Target,
    edge: Edge,
    protocol: str,
    asking: Asking,
    fields: Fields,
    salt: str,
    judged: _Judged,
) -> None:
    unnamed = probes(decoy(target, salt), edge)
    known = len(judged.openings)
    for probe, other in zip(probes(target, edge), unnamed, strict=True):
        if protocol == HTTP2 and "://" in probe.form:
            continue
        # What is open is known then, and nothing is changed to know it better.
        if not probe.is_safe and (judged.is_safe_only or len(judged.openings) > known):
            continue
        written = f"{protocol}, {probe.spelling}"
        if judged.is_stopped():
            return
        if written in judged.unread:
            continue
        found, nothing = asking.ask(probe, fields), asking.ask(other, fields)
        # Once more: it may just have become busy, or have closed a connection that was kept.
        if _differ(found, nothing) or found.status is None:
            found = asking.ask(probe, fields)
            if found.status is not None or nothing.status is not None:  # each end takes a second
                nothing = asking.ask(other, fields)
        if found.status is None and nothing.status is None:
            judged.unread.add(written)
        if _are_busy(found, nothing):
            judged.unjudged += 1
            continue
        judged.requests += 1
        if because := _opening(probe, edge, found, nothing):
            who = "with the credential" if fields != _WHO else "without a credential"
            place = f"{_shown(probe)} over {protocol}, {who}"
            judged.openings.append(Opening(place=place, because=because))


def _opening(probe: Probe, edge: Edge, found: Answer, nothing: Answer) -> str | None:
    if not found.refuses and not _is_asked_of_another(probe, edge):
        return f"it is answered: {found}"
    if _differ(found, nothing):
        return f"it is told apart from what nobody has named: {found}, not {nothing}"
    return None


def _differ(found: Answer, nothing: Answer) -> bool:
    return (found.status, found.problem) != (nothing.status, nothing.problem)


def _is_asked_of_another(probe: Probe, edge: Edge) -> bool:
    """Whether an API outside may answer: as it is written the request is for one of its paths."""
    is_below = probe.form.startswith(edge.outside)
    return is_below and (edge.outside == "/" or not probe.form.startswith(probe.target.path))


# What a full machine says to whom it turns away, by chance.
_TURNED_AWAY = "urn:forecourt:problem:overloaded"


def _are_busy(found: Answer, nothing: Answer) -> bool:
    """A 503 to one of them alone may come from what stands there, and counts; but for what the edge
    itself says."""
    statuses = {found.status, nothing.status}
    if 429 in statuses or statuses == {503} or found.problem == _TURNED_AWAY:
        return True
    return found.refuses and nothing.problem == _TURNED_AWAY


def _shown(probe: Probe) -> str:
    return f"`{probe.target.path}` of `{probe.target.api}`, {probe.spelling} (`{probe.form}`)"
