"""Whether services answer by themselves, past the gateway, as far as it can be told from here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from forecourt.edge.exposure.guarded import Opening

# So many services are asked in one run, each at so many addresses; the report counts the rest.
MOST_UPSTREAMS = 50
_MOST_ADDRESSES = 4
_AT_ONCE = 8

# What stands for IPv4 where there is only IPv6 (RFC 6052, section 2.1).
_TRANSLATED = ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class DeclaredUpstream:
    """A service as it is declared: where it listens, and the path below which it is an API's."""

    host: str
    port: int
    tls: bool
    base: str
    apis: tuple[str, ...]

    @property
    def name(self) -> str:
        """As people write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"


class Reach(Enum):
    """From where an address can be called, by what it is."""

    MACHINE = "this machine"
    INSIDE = "a network inside"
    EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What came of one request without any credential. `refused` says how it was refused; else
    `answer` says what was answered."""

    refused: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was found of one service. `addresses` are those that its name means here, `asked` those
    that somebody outside could call, each with what it said."""

    upstream: str
    apis: tuple[str, ...]
    addresses: tuple[str, ...]
    reach: str
    asked: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstreams:
    """What was looked at, what is open, and how many were left out."""

    looked: tuple[Looked, ...]
    openings: tuple[Opening, ...]
    left_out: int = 0


# The addresses of a name; raises `OSError` where it has none.
Resolve = Callable[[str, int], Collection[str]]
# Asks a service at one address.
Knock = Callable[[DeclaredUpstream, str], Said]


def reach_of(address: str) -> Reach:
    """What an address itself says; that a network passes it on nobody can tell from here."""
    plain = _plain(address)
    if plain.is_loopback or plain.is_unspecified:
        return Reach.MACHINE
    # Not global are RFC 1918, 4193 and 6598 (of carriers), link-local, and what is for nobody.
    is_everywhere = plain.is_global and not plain.is_multicast
    return Reach.EVERYWHERE if is_everywhere else Reach.INSIDE


def _plain(address: str) -> IPv4Address | IPv6Address:
    """An IPv4 address that is written as IPv6, or that DNS64 made one of, is that one."""
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address):
        if parsed in _TRANSLATED:
            return IPv4Address(int(parsed) & 0xFFFFFFFF)
        return parsed.ipv4_mapped or parsed
    return parsed


def declared_upstreams(
    served: Iterable[tuple[str, int, bool, str, str]],
) -> tuple[DeclaredUpstream, ...]:
    """Each service once: host, port, whether it speaks TLS, base path and API of all versions."""
    apis: dict[tuple[str, int, bool], list[tuple[str, str]]] = defaultdict(list)
    for host, port, tls, base, api in served:
        apis[host.lower(), port, tls].append((base, api))
    return tuple(
        DeclaredUpstream(
            host=host,
            port=port,
            tls=tls,
            base=min(base for base, _ in of),
            apis=tuple(sorted({api for _, api in of})),
        )
        for (host, port, tls), of in sorted(apis.items())
    )


def ask_upstreams(
    declared: Collection[DeclaredUpstream],
    *,
    resolve: Resolve,
    knock: Knock,
    own: Collection[str],
    salt: str,
    most: int | None = MOST_UPSTREAMS,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Upstreams:
    """Asks each at what somebody could call who is not the gateway: an address that is for
    everywhere, and, of a service that is declared on loopback, this machine's `own` others.

    Nothing is asked that is not declared. Which are asked, where there are many, is chance.
    """

    def turn(upstream: DeclaredUpstream) -> bytes:
        return sha256(f"{salt}{upstream.name}".encode()).digest()

    def ask(upstream: DeclaredUpstream, address: str) -> Said:
        return Said(refused="not asked any more") if is_stopped() else knock(upstream, address)

    def look(upstream: DeclaredUpstream) -> tuple[Looked, tuple[Opening, ...]] | None:
        return None if is_stopped() else _look(upstream, resolve, ask, own)

    chosen = sorted(declared, key=turn)[:most]
    with ThreadPoolExecutor(_AT_ONCE) as at_once:
        found = [each for each in at_once.map(look, sorted(chosen)) if each is not None]
    return Upstreams(
        looked=tuple(looked for looked, _ in found),
        openings=tuple(opening for _, openings in found for opening in openings),
        left_out=len(declared) - len(found),
    )


def _look(
    upstream: DeclaredUpstream, resolve: Resolve, knock: Knock, own: Collection[str]
) -> tuple[Looked, tuple[Opening, ...]]:
    try:
        addresses = tuple(sorted(set(resolve(upstream.host, upstream.port))))
    except (OSError, UnicodeError):
        return _looked(upstream, (), "its name has no address here", {}), ()
    reaches = {address: reach_of(address) for address in addresses}
    reach = ", ".join(sorted({r.value for r in reaches.values()}))
    asked = {
        address: knock(upstream, address) for address in [*_outside(reaches, own)][:_MOST_ADDRESSES]
    }
    told = {address: said.refused or said.answer for address, said in asked.items()}
    openings = (
        Opening(
            place=f"{upstream.name} of {', '.join(f'`{api}`' for api in upstream.apis)}",
            because=_because(address, reaches, said),
        )
        for address, said in asked.items()
        if not said.refused
    )
    return _looked(upstream, addresses, reach, told), tuple(openings)


def _outside(reaches: Mapping[str, Reach], own: Collection[str]) -> Iterator[str]:
    yield from (address for address, reach in reaches.items() if reach is Reach.EVERYWHERE)
    if Reach.MACHINE in reaches.values():
        yield from (address for address in sorted(own) if address not in reaches)


def _because(address: str, reaches: Mapping[str, Reach], said: Said) -> str:
    if address in reaches:
        return f"it answers past the gateway, at {address}, which is for everywhere: {said.answer}"
    return f"declared on loopback, it answers at {address} of this machine too: {said.answer}"


def _looked(
    upstream: DeclaredUpstream, addresses: tuple[str, ...], reach: str, asked: Mapping[str, str]
) -> Looked:
    return Looked(
        upstream=upstream.name,
        apis=upstream.apis,
        addresses=addresses,
        reach=reach,
        asked=asked,
    )
