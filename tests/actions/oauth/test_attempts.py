"""How often somebody may be wrong."""

from __future__ import annotations

from typing import get_args

import pytest

from forecourt.actions.oauth.attempts import (
    OF_ADDRESS,
    OF_ASKING,
    OF_CLIENT,
    OF_CLIENT_AT_ADDRESS,
    Asked,
    Attempts,
    network_of,
)


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
    attempts.proved("198.51.100.1", "c")
    for number in range(OF_CLIENT.most):
        fail(attempts, 1, address=f"192.0.{number}.1")
    assert attempts.wait("203.0.113.1", "c", now=0) > 0
    assert attempts.wait("198.51.100.1", "c", now=0) == 0, "nobody can lock it out"
    assert attempts.wait("203.0.113.1", "other", now=0) == 0


def test_neighbours_behind_one_address_do_not_lock_out_who_proved_itself_there() -> None:
    attempts = Attempts()
    attempts.proved("192.0.2.1", "c")
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
