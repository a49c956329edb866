"""How often somebody may fail to prove who it is, and a client may ask for tokens."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from types import MappingProxyType
from typing import Literal, TypeVar

Asked = Literal["token", "revoke", "introspect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """`most` at once; they come back evenly, all of them in a minute."""

    most: int


# Whoever mistypes tries a few times; whoever guesses needs 2^159 attempts.
OF_ADDRESS = Allowance(most=20)
OF_CLIENT_AT_ADDRESS = Allowance(most=5)
# However many addresses guess. Where the client has proved itself before, neither this nor what its
# neighbours behind one address do holds it up: to lock it out takes its name and its address.
OF_CLIENT = Allowance(most=60)
# How often a client may ask for what. Tokens count for ten minutes: one that asks more often does
# not keep them, and has no more to take back. What it is told of them is what it was told before.
OF_ASKING: Mapping[Asked, Allowance] = MappingProxyType(
    {"token": Allowance(most=60), "revoke": Allowance(most=60), "introspect": Allowance(most=300)}
)

MOST_REMEMBERED = 50_000
# Of each client: a fleet leaves by a handful of addresses, and one that moves about is bounded: it
# pushes nobody else out.
NETWORKS_OF_CLIENT = 20
# Where a client proved itself is written down once a day at most.
KEPT_EVERY = timedelta(days=1)
# The kind of key under which stands what clients ask for.
_ASKED = "asked"

_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A client proved itself, from a network (`network_of`)."""

    client: str
    network: str
    at: datetime


class Attempts:
    """What was used up lately, in memory: the longest unused is forgotten first.

    Nobody knows what was used up before `begun`: of whom nothing is remembered has one attempt
    then, and what comes back since, so that a restart hands out no more than going on would. What
    is remembered is where clients proved themselves (`recall`).
    """

    def __init__(self, begun: float | None = None) -> None:
        self._begun = begun
        self._used: OrderedDict[tuple[str, ...], tuple[float, float]] = OrderedDict()
        self._proved: OrderedDict[str, OrderedDict[str, datetime]] = OrderedDict()
        self.has_recalled = False

    def wait(self, address: str, client: str | None, *, now: float) -> float:
        """Seconds until somebody at that address may try again as that client; 0: at once."""
        return max(
            (self._missing(key, allowance, now) for key, allowance in self._keys(address, client)),
            default=0.0,
        )

    def failed(self, address: str, client: str | None, *, now: float) -> None:
        """Somebody at that address did not prove to be that client (None: it named none)."""
        for key, allowance in self._keys(address, client):
            self._use(key, allowance, now)

    def proved(self, address: str, client: str, at: datetime) -> Proof | None:
        """The client did, from there. What is worth keeping of it: once a day."""
        proof = Proof(client=client, network=network_of(address), at=at)
        its = self._proved.get(client)
        kept = None if its is None else its.get(proof.network)
        is_kept = kept is not None and at - kept < KEPT_EVERY
        self._remember_proof(replace(proof, at=kept) if kept is not None and is_kept else proof)
        return None if is_kept else proof

    def recall(self, proofs: Iterable[Proof]) -> None:
        """What was kept from before, oldest first."""
        for proof in proofs:
            self._remember_proof(proof)
        self.has_recalled = True

    def _remember_proof(self, proof: Proof) -> None:
        its = self._proved.get(proof.client, OrderedDict())
        _remember(its, proof.network, proof.at, NETWORKS_OF_CLIENT)
        _remember(self._proved, proof.client, its)

    def take(self, asked: Asked, client: str, *, now: float) -> float:
        """Takes one of what a client may ask for; else the seconds to wait."""
        key, allowance = (_ASKED, asked, client), OF_ASKING[asked]
        wait = self._missing(key, allowance, now)
        if wait == 0:
            self._use(key, allowance, now)
        return wait

    def _keys(self, address: str, client: str | None) -> list[tuple[tuple[str, ...], Allowance]]:
        network = network_of(address)
        of_address = ("address", network), OF_ADDRESS
        if client is None:
            return [of_address]
        of_pair = ("pair", network, client), OF_CLIENT_AT_ADDRESS
        if network in self._proved.get(client, ()):
            return [of_pair]
        return [of_address, of_pair, (("client", client), OF_CLIENT)]

    def _level(self, key: tuple[str, ...], allowance: Allowance, now: float) -> float:
        level, at = self._used.get(key) or self._unknown(key, allowance, now)
        return max(0.0, level - max(0.0, now - at) * allowance.most / 60)

    def _unknown(
        self, key: tuple[str, ...], allowance: Allowance, now: float
    ) -> tuple[float, float]:
        """What may be used up of which nothing is remembered, and when that was. What clients that
        are proved ask for is nobody's guess."""
        if self._begun is None or key[0] == _ASKED:
            return 0.0, now
        return allowance.most - 1.0, self._begun

    def _missing(self, key: tuple[str, ...], allowance: Allowance, now: float) -> float:
        over = self._level(key, allowance, now) + 1 - allowance.most
        return max(0.0, over * 60 / allowance.most)

    def _use(self, key: tuple[str, ...], allowance: Allowance, now: float) -> None:
        _remember(self._used, key, (self._level(key, allowance, now) + 1, now))


def network_of(address: str) -> str:
    """An address of IPv4, or the /64 of one of IPv6: who has one has them all."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return str(parsed)


def _remember(known: OrderedDict[_K, _V], key: _K, value: _V, most: int = MOST_REMEMBERED) -> None:
    known[key] = value
    known.move_to_end(key)
    if len(known) > most:
        known.popitem(last=False)
