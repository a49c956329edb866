"""How often somebody may be wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest

from forecourt.actions.oauth.attempts import (
    MOST_REMEMBERED,
    NETWORKS_OF_CLIENT,
    OF_ADDRESS,
    OF_ASKING,
    OF_CLIENT,
    OF_CLIENT_AT_ADDRESS,
    Asked,
    Attempts,
    Proof,
    network_of,
)
from tests.actions.oauth.builders import NOW


def fail(attempts: Attempts, times: int, *, address: str = "192.0.2.1", client: str = "c") -> None:
    for _ in range(times):
        attempts.failed(address, client, now=0)


def test_who_is_wrong_too_often_as_one_client_waits() -> None:
    attempts = Attempts()
    fail(attempts, OF_CLIENT_AT_ADDRESS.most - 1)
    assert attempts.wait("192.0.2.1", "c", now=0) == 0
    fail(attempts, 1)
    wait = attempts.wait("192.0.2.1", "c", now=0)
    assert 0 < wait <= 60 / OF_CLIENT_AT_ADDRESS.most
    assert attempts.wait("192.0.2.1", "c", now=wait) == 0
    assert attempts.wait("192.0.2.2", "c", now=0) == 0, "from elsewhere the client goes on"


def test_who_tries_many_clients_waits() -> None:
    attempts = Attempts()
    for number in range(OF_ADDRESS.most):
        fail(attempts, 1, client=f"client {number}")
    assert attempts.wait("192.0.2.1", "another", now=0) > 0
    assert attempts.wait("192.0.2.1", None, now=0) > 0


def test_many_addresses_wait_and_those_that_proved_the_client_do_not() -> None:
    attempts = Attempts()
    attempts.proved("198.51.100.1", "c", NOW)
    for number in range(OF_CLIENT.most):
        fail(attempts, 1, address=f"192.0.{number}.1")
    assert attempts.wait("203.0.113.1", "c", now=0) > 0
    assert attempts.wait("198.51.100.1", "c", now=0) == 0, "nobody can lock it out"
    assert attempts.wait("203.0.113.1", "other", now=0) == 0


def test_a_client_that_proves_itself_from_everywhere_pushes_nobody_out() -> None:
    attempts = Attempts()
    attempts.proved("198.51.100.1", "c", NOW)
    for number in range(MOST_REMEMBERED):
        attempts.proved(f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::1", "roaming", NOW)
    fail(attempts, OF_CLIENT.most + 10, address="192.0.2.1")
    fail(attempts, OF_CLIENT.most, address="192.0.2.2")
    assert attempts.wait("203.0.113.1", "c", now=0) > 0
    assert attempts.wait("198.51.100.1", "c", now=0) == 0, "nobody can lock it out"


def test_the_latest_networks_of_a_client_are_remembered() -> None:
    attempts = Attempts()
    for number in range(NETWORKS_OF_CLIENT + 1):
        attempts.proved(f"198.51.100.{number}", "c", NOW)
    assert attempts.proved("198.51.100.1", "c", NOW) is None
    assert attempts.proved("198.51.100.0", "c", NOW) is not None, "the one that was longest ago"


def test_neighbours_behind_one_address_do_not_lock_out_who_proved_itself_there() -> None:
    attempts = Attempts()
    attempts.proved("192.0.2.1", "c", NOW)
    for number in range(OF_ADDRESS.most):
        fail(attempts, 1, client=f"client {number}")
    assert attempts.wait("192.0.2.1", "other", now=0) > 0
    assert attempts.wait("192.0.2.1", "c", now=0) == 0
    fail(attempts, OF_CLIENT_AT_ADDRESS.most, client="c")
    assert attempts.wait("192.0.2.1", "c", now=0) > 0, "its own mistakes hold it up"


@pytest.mark.parametrize("asked", get_args(Asked))
def test_a_client_asks_so_often_a_minute(asked: Asked) -> None:
    attempts, most = Attempts(), OF_ASKING[asked].most
    taken = [attempts.take(asked, "c", now=0) for _ in range(most + 1)]
    assert taken[:-1] == [0] * most
    assert 0 < taken[-1] <= 1
    assert attempts.take(asked, "d", now=0) == 0
    others = [other for other in OF_ASKING if other != asked]
    assert [attempts.take(other, "c", now=0) for other in others] == [0, 0]


@pytest.mark.parametrize(
    ("client", "address"), [("c", "192.0.2.1"), ("other", "192.0.2.9")], ids=["known", "unknown"]
)
def test_a_restart_hands_nobody_fresh_guesses(client: str, address: str) -> None:
    guessed, now, begun = 0, 0.0, 0.0
    attempts = Attempts()
    for second in range(120):
        now = float(second)
        if second % 4 == 0:
            attempts, begun = Attempts(begun=now), now
        while attempts.wait(address, client, now=now) == 0:
            attempts.failed(address, client, now=now)
            guessed += 1
    assert begun > 0
    restarts = 120 // 4
    assert guessed <= restarts + 2 * OF_CLIENT_AT_ADDRESS.most, "one each, and what came back"


def test_soon_after_a_restart_all_may_be_wrong_as_often_as_ever() -> None:
    attempts = Attempts(begun=0)
    assert attempts.wait("192.0.2.1", "c", now=0) == 0, "who is right is held up by nothing"
    attempts.failed("192.0.2.1", "c", now=60)
    assert attempts.wait("192.0.2.1", "c", now=60) == 0
    assert attempts.take("token", "c", now=0) == 0
    assert attempts.take("token", "c", now=0) == 0, "to ask is no guess"


def test_what_was_kept_of_proofs_holds_after_a_restart() -> None:
    before = Attempts()
    proof = before.proved("198.51.100.1", "c", NOW)
    assert proof == Proof(client="c", network="198.51.100.1", at=NOW)
    after = Attempts(begun=0)
    after.recall([proof])
    for number in range(OF_CLIENT.most):
        after.failed(f"192.0.{number}.1", "c", now=0)
    assert after.wait("203.0.113.1", "c", now=0) > 0
    assert after.wait("198.51.100.1", "c", now=0) == 0, "nobody can lock it out"


def test_a_proof_is_worth_keeping_once_a_day() -> None:
    attempts = Attempts()
    hours = [0, 1, 23, 24, 25, 48]
    kept = [
        attempts.proved("2001:db8::1", "c", NOW + timedelta(hours=hour)) is not None
        for hour in hours
    ]
    assert kept == [True, False, False, True, False, True]
    assert attempts.proved("2001:db8::2", "c", NOW + timedelta(hours=49)) is None, "one network"
    assert attempts.proved("2001:db8::1", "d", NOW) is not None


def test_a_clock_that_goes_back_frees_nobody() -> None:
    attempts = Attempts()
    fail(attempts, OF_CLIENT_AT_ADDRESS.most)
    assert attempts.wait("192.0.2.1", "c", now=-1000) > 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_who_has_one_address_of_a_network_has_them_all(address: str, network: str) -> None:
    assert network_of(address) == network
