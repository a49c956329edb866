"""Keys: they work at once, end at once, and are known for a while when nobody can be asked."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest

from forecourt.actions.credential import Owner, OwnerKind
from forecourt.actions.issue_key import KeyIssued, KeyRequest, issue_key
from forecourt.bootstrap import opened_world
from forecourt.settings import read_settings
from tests.actions.builders import a_record
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate
from tests.end_to_end.eventually import SOON, eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem

# Each call comes on a connection of its own, which the kernel gives to either of two workers: that
# none of so many reaches one of them happens once in a thousand runs.
_BOTH_WORKERS = 10


def _statuses(gateway: Gateway, key: str, path: str = "/v2/payments") -> set[int]:
    return {gateway.call(path, key=key).status_code for _ in range(_BOTH_WORKERS)}


# --- issued and revoked ---------------------------------------------------------------------------


def test_a_key_works_as_soon_as_it_is_issued(running_acme: Gateway) -> None:
    key = running_acme.a_key(developer="prompt")
    assert running_acme.call("/v2/payments", key=key).status_code == 200


def test_a_key_may_come_as_a_bearer_token(running_acme: Gateway) -> None:
    key = running_acme.a_key(developer="bearer")
    assert running_acme.call("/v2/payments", token=key).status_code == 200
    for scheme in ("bearer", "BEARER", "Bearer "):
        headers = {"authorization": f"{scheme} {key}"}
        assert running_acme.call("/v2/payments", headers=headers).status_code == 200


def test_a_revoked_key_is_refused_by_every_worker_within_a_second(running_acme: Gateway) -> None:
    key = running_acme.a_key(developer="withdrawn")
    assert _statuses(running_acme, key) == {200}
    running_acme.forecourt("key", "revoke", key)
    eventually(
        lambda: _statuses(running_acme, key) == {401}, what="refused everywhere", within=SOON
    )


def test_a_revoked_key_is_refused_on_a_connection_that_stays_open(running_acme: Gateway) -> None:
    key = running_acme.a_key(developer="connected")
    with running_acme.connection() as client:

        def status() -> int:
            return client.get("/v2/payments", headers={"x-api-key": key}).status_code

        assert status() == 200
        running_acme.forecourt("key", "revoke", key)
        eventually(lambda: status() == 401, what="refused", within=SOON)


def test_revoking_one_key_leaves_the_applications_other_key(running_acme: Gateway) -> None:
    old, new = (running_acme.a_key(developer="rotating") for _ in range(2))
    running_acme.call("/v2/payments", key=old)
    running_acme.forecourt("key", "revoke", old)
    eventually(lambda: running_acme.call("/v2/payments", key=old).status_code == 401, what="gone")
    assert running_acme.call("/v2/payments", key=new).status_code == 200


def test_a_key_ends_when_it_expires(running_acme: Gateway) -> None:
    key = asyncio.run(_key_that_ends_in(running_acme, timedelta(seconds=3)))
    assert running_acme.call("/v2/payments", key=key).status_code == 200
    eventually(
        lambda: running_acme.call("/v2/payments", key=key).status_code == 401, what="expired"
    )


async def _key_that_ends_in(gateway: Gateway, lifetime: timedelta) -> str:
    """The command line knows days only."""
    async with opened_world(read_settings(gateway.estate, environ=gateway.settings)) as world:
        now = world.clock()
        issued = await issue_key(
            KeyRequest(
                owner=Owner(kind=OwnerKind.DEVELOPER, name="brief"),
                application="shop",
                expires_at=now + lifetime,
            ),
            callers=await world.store.revisions.published_callers(),
            store=world.store.credentials,
            record=a_record(now),
            entropy=world.entropy,
        )
    assert isinstance(issued, KeyIssued)
    return issued.key


# --- the control plane away -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def alone(started_once: Started) -> Gateway:
    """A gateway whose control plane these tests stop; the upstream of one API does not need it."""
    return started_once(an_estate(apis={"lamps": an_api()}, workers=1))


def _is_asked_later(answer: httpx.Response) -> bool:
    assert answer.status_code == 503
    assert problem(answer.text)["type"] == "urn:forecourt:problem:try-again"
    return int(answer.headers["retry-after"]) > 0


def test_while_the_control_plane_is_away_known_callers_go_on_and_others_wait(
    alone: Gateway,
) -> None:
    known, unknown = alone.a_key(developer="known"), alone.a_key(developer="unknown")
    assert alone.call("/lamps/v1/things", key=known).status_code == 200
    with alone.paused():
        # The mock stands still with it, so that a caller was let in shows in the upstream's fault.
        assert _is_asked_later(alone.call("/lamps/v1/nothing", key=unknown))
        assert _passed_the_gate(alone, known)
    eventually(
        lambda: alone.call("/lamps/v1/things", key=unknown).status_code == 200,
        what="the unknown key works once somebody can be asked",
    )


def test_while_the_control_plane_is_away_nothing_made_up_is_asked_about(alone: Gateway) -> None:
    with alone.paused():
        answer = alone.call("/lamps/v1/things", key="fc_live_made_up")
    assert answer.status_code == 401


def test_when_the_control_plane_died_known_callers_go_on_and_others_wait(
    started: Started,
) -> None:
    gateway = started(
        an_estate(
            apis={"lamps": an_api(), "prices": an_api("partner")},
            partners={"one": a_partner("lamps")},
            workers=1,
        )
    )
    known, unknown = gateway.a_key(developer="known"), gateway.a_key(developer="unknown")
    revoked_meanwhile = gateway.a_key(developer="meanwhile")
    partner = gateway.partner_key("one")
    for key in (known, partner, revoked_meanwhile):
        assert gateway.call("/lamps/v1/things", key=key).status_code == 200
    gateway.kill()
    assert _is_asked_later(gateway.call("/lamps/v1/things", key=unknown))
    for key in (known, partner):
        assert _passed_the_gate(gateway, key)
    # Nothing is let in that was not in before.
    assert gateway.call("/prices/v1/things", key=partner).status_code == 404
    assert gateway.call("/prices/v1/things", key=known).status_code == 404

    gateway.forecourt("key", "revoke", revoked_meanwhile)
    gateway.start()
    assert gateway.call("/lamps/v1/things", key=unknown).status_code == 200
    assert gateway.call("/lamps/v1/things", key=revoked_meanwhile).status_code == 401


def _passed_the_gate(gateway: Gateway, key: str) -> bool:
    """Whether the upstream was tried: it is the mock, which went with the control plane."""
    try:
        with gateway.connection() as client:
            headers = {"x-api-key": key}
            answer = client.get("/lamps/v1/things", headers=headers, timeout=1.0)
    except httpx.ReadTimeout:
        return True  # the socket of the mock is open, and nobody answers
    return bool(problem(answer.text)["type"] == "urn:forecourt:problem:upstream-unavailable")
