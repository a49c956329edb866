"""Whether a partner's own host knows anybody but the partner, and its certificate counts nowhere
else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from forecourt.edge.authority import KeyPair
from forecourt.edge.exposure.asking import Answer, Asking, Door, Http1, Http2
from forecourt.edge.exposure.guarded import Opening
from forecourt.edge.exposure.probes import Probe, Target

_WHO = (("user-agent", "forecourt-exposure"),)
# How a stranger is refused: the connection ends, or nobody knows who it is, or it is another host.
_STRANGERS = frozenset({None, 401, 403, 421})
_ANY = Target(api="any", path="/")

Ask = Callable[[Door], tuple[tuple[str, Asking], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerHost:
    """A host of a partner's own, where it must show its certificate."""

    partner: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who is not the partner: in words, and with which certificate."""

    words: str
    certificate: KeyPair | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnersAsked:
    """What was asked at partners' hosts and elsewhere, and what is open. `unjudged` are as in
    `Probed`. `certificate_of` is the partner whose certificate somebody gave; None: nobody did."""

    hosts: int
    requests: int
    openings: tuple[Opening, ...]
    unjudged: int = 0
    certificate_of: str | None = None


def ask_partner_hosts(
    hosts: Collection[PartnerHost],
    visitors: Collection[Visitor],
    door: Door,
    *,
    path: str,
    known: tuple[str, Visitor] | None = None,
    ask: Ask | None = None,
) -> PartnersAsked:
    """Asks each partner's host as everybody else, over both protocols, for `/` and the `path` of an
    API; and the public host with the certificate of `known` (the partner's name and itself), where
    that must mean nothing.

    Raises `OSError` where nobody listens.
    """
    everybody = [(host, visitor) for host in hosts for visitor in visitors]
    if known is not None:
        everybody += [(host, known[1]) for host in hosts if host.partner != known[0]]
    judged = [
        (f"`{host.host}{form}` over {protocol}, {visitor.words}", host, answer)
        for host, visitor in everybody
        for protocol, form, answer in _answers(_at(door, host.host, visitor), path, ask)
    ]
    openings = [
        Opening(
            place=place,
            because=f"the host of partner `{host.partner}` takes it for somebody known: {answer}",
        )
        for place, host, answer in judged
        if answer.status not in _STRANGERS
    ]
    requests = len(judged)
    if known is not None:
        plain = list(_answers(door, path, ask))
        shown = list(_answers(_at(door, door.server_name, known[1]), path, ask))
        requests += len(shown)
        openings += [
            Opening(
                place=f"`{door.server_name}{form}` over {protocol}, {known[1].words}",
                because=f"its certificate counts at a host of everybody: {answer}, not {without}",
            )
            for (protocol, form, without), (_, _, answer) in zip(plain, shown, strict=True)
            if answer.status != without.status
        ]
    return PartnersAsked(
        hosts=len(hosts),
        requests=requests,
        openings=tuple(openings),
        certificate_of=None if known is None else known[0],
    )


def _at(door: Door, host: str, visitor: Visitor) -> Door:
    return replace(door, server_name=host, certificate=visitor.certificate)


def _answers(door: Door, path: str, ask: Ask | None) -> Iterator[tuple[str, str, Answer]]:
    with Http1(door) as http1, Http2(door) as http2:
        for protocol, asking in ask(door) if ask else (("HTTP/1.1", http1), ("HTTP/2", http2)):
            for form in dict.fromkeys(("/", path)):
                probe = Probe(
                    target=_ANY, spelling="as it is", form=form, authority=door.server_name
                )
                yield protocol, form, _answer(asking, probe)


def _answer(asking: Asking, probe: Probe) -> Answer:
    try:
        return asking.ask(probe, _WHO)
    except ConnectionRefusedError:
        raise
    except OSError:  # the handshake ended, as it should
        return Answer(status=None)
