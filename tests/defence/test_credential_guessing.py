"""Who tries credentials is found; who has one that ended is not."""

from __future__ import annotations

import pytest

from forecourt.defence.credential_guessing import DETECTOR
from tests.defence.logged import PUBLIC, STRANGER, found_by, spread

GUESS = {**STRANGER, "status": 401, "reason": "unknown"}


@pytest.mark.parametrize("reason", ["unknown", "malformed"])
def test_finds_a_guesser_by_its_address(reason: str) -> None:
    (finding,) = found_by(DETECTOR, spread(40, 5, **GUESS | {"reason": reason}))
    assert finding.subject.id == "203.0.113.7/32"
    assert 30 <= finding.counted <= 40
    assert finding.samples == ("r-0", "r-1", "r-2")


def test_a_network_of_ipv6_is_one_guesser() -> None:
    addresses = [f"2001:db8:0:1::{n:x}" for n in range(1, 50)]
    (finding,) = found_by(DETECTOR, spread(40, 5, **GUESS | {"address": addresses}))
    assert finding.subject.id == "2001:db8:0:1::/64"


UNPROVED = {**STRANGER, "status": 401, "route": "own:/oauth/token#0a1b2c3d4e5f"}


def test_finds_who_guesses_the_secret_of_a_client() -> None:
    (finding,) = found_by(DETECTOR, spread(40, 5, **UNPROVED))
    assert finding.subject.id == "203.0.113.7/32"


def test_finds_who_guesses_keys_and_secrets_in_turn() -> None:
    routes = [UNPROVED["route"], None]
    reasons = [None, "unknown"]
    mixed = {**STRANGER, "status": 401, "route": routes, "reason": reasons}
    assert found_by(DETECTOR, spread(40, 5, **mixed))


def test_harmless_calls_between_do_not_hide_very_many() -> None:
    busy = spread(3_000, 8, **PUBLIC)
    guesses = spread(700, 8, **GUESS)
    assert found_by(DETECTOR, [*busy, *guesses])


@pytest.mark.parametrize(
    "traffic",
    [
        {"number": 1_200, "seconds": 60, **PUBLIC},
        {"number": 120, "seconds": 60, **GUESS},
        {"number": 600, "seconds": 60, **GUESS, "reason": "missing"},
        {"number": 600, "seconds": 60, **GUESS, "listener": "internal"},
        {"number": 600, "seconds": 60, **UNPROVED, "status": 429},
        {"number": 600, "seconds": 60, **UNPROVED, "status": 400},
        {"number": 120, "seconds": 60, **UNPROVED},
        {"number": 600, "seconds": 60, **UNPROVED, "listener": "internal"},
    ],
    ids=[
        "a busy client",
        "a key that ended, tried twice a second",
        "no key",
        "inside",
        "a client that keeps no token",
        "one that asks for too much",
        "a secret that ended",
        "within",
    ],
)
def test_no_alarm_for(traffic: dict[str, object]) -> None:
    number, seconds, *_ = traffic.values()
    rest = {k: v for k, v in traffic.items() if k not in ("number", "seconds")}
    assert isinstance(number, int)
    assert isinstance(seconds, int)
    assert found_by(DETECTOR, spread(number, seconds, **rest)) == ()


def test_no_alarm_for_many_clients_behind_one_address_of_whom_one_is_out() -> None:
    others = spread(6_000, 60, **PUBLIC | {"consumer": [f"developer:{n}" for n in range(50)]})
    out = spread(600, 60, **GUESS)
    assert found_by(DETECTOR, [*others, *out]) == ()
