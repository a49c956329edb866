"""Callers for trying an estate: the same keys at every start, while they count."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from forecourt.actions.entitlement import Entitlement
from forecourt.actions.presented import PresentedKey
from forecourt.actions.resolve_credential import resolve_credential
from forecourt.actions.rotate_key import KeyRotated, rotate_key
from forecourt.compiler.ir.callers import Callers
from forecourt.server.local_callers import LocalCallers, local_callers
from tests.actions.builders import (
    NOW,
    a_partner,
    a_plan,
    a_record,
    a_revocation,
    chance,
    some_callers,
)
from tests.store.in_memory import InMemoryStore

PLANS = (a_plan("free"), a_plan("standard", 100))


class Machine:
    """A state folder and a store, through several starts."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.store = InMemoryStore()
        self._chance = chance()

    async def start(self, **callers: Any) -> LocalCallers:
        self.callers: Callers = some_callers(**({"plans": PLANS} | callers))
        return await local_callers(
            self.state,
            callers=self.callers,
            store=self.store.credentials,
            record=a_record(),
            entropy=self._chance,
        )

    async def caller(self, key: str) -> Entitlement:
        """Whom a key stands for."""
        found = await resolve_credential(
            PresentedKey(key=key), callers=self.callers, store=self.store.credentials, now=NOW
        )
        assert isinstance(found, Entitlement), found
        return found

    async def revoke(self, key: str) -> None:
        held = await self.caller(key)
        await self.store.credentials.revoke(held.credential, a_revocation())


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


async def test_one_key_a_kind_of_caller(machine: Machine) -> None:
    found = await machine.start(partners=(a_partner("acme-corp"), a_partner("zenith")))
    assert (await machine.caller(found.developer)).consumer == "developer:newcomer"
    assert (await machine.caller(found.developer)).limit.per_minute == 100
    consumers = {name: (await machine.caller(k)).consumer for name, k in found.partners.items()}
    assert consumers == {
        "acme-corp": "partner:partner_acme_corp",
        "zenith": "partner:partner_zenith",
    }


async def test_they_are_the_same_at_every_start(machine: Machine) -> None:
    first = await machine.start()
    kept = (machine.state / "local" / "callers.json").stat().st_mtime_ns
    assert await machine.start() == first
    assert (machine.state / "local" / "callers.json").stat().st_mtime_ns == kept


async def test_they_are_for_their_owner_only(machine: Machine) -> None:
    await machine.start()
    path = machine.state / "local" / "callers.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_a_partner_more_gets_a_key_and_one_fewer_loses_it(machine: Machine) -> None:
    first = await machine.start()
    more = await machine.start(partners=(a_partner("acme-corp"), a_partner("zenith")))
    assert more.developer == first.developer
    assert set(more.partners) == {"acme-corp", "zenith"}
    assert (await machine.start()).partners == first.partners


@pytest.mark.parametrize("plans", [(), (a_plan("free"),), PLANS], ids=["none", "free", "standard"])
async def test_a_key_that_was_revoked_is_made_anew_whatever_plans_there_are_by_now(
    machine: Machine, plans: tuple[Any, ...]
) -> None:
    for before in ((), PLANS):
        first = await machine.start(plans=before)
        await machine.revoke(first.developer)
        again = await machine.start(plans=plans)
        assert again.developer != first.developer
        assert again.partners == first.partners
        await machine.caller(again.developer)


async def test_a_key_that_was_rotated_is_made_anew(machine: Machine) -> None:
    first = await machine.start()
    rotated = await rotate_key(
        first.developer,
        timedelta(days=1),
        store=machine.store.credentials,
        record=a_record(),
        entropy=chance("rotated"),
    )
    assert isinstance(rotated, KeyRotated)
    again = await machine.start()
    assert again.developer not in {first.developer, rotated.key}
    assert (await machine.caller(again.developer)).expires_at is None


async def test_a_contract_under_another_id_gets_a_key_of_its_own(machine: Machine) -> None:
    first = await machine.start()
    again = await machine.start(partners=(a_partner("acme-corp", id="other"),))
    assert again.partners != first.partners
    assert (await machine.caller(again.partners["acme-corp"])).consumer == "partner:other"


async def test_another_database_knows_none_of_them(machine: Machine) -> None:
    first = await machine.start()
    machine.store = InMemoryStore()
    again = await machine.start()
    assert again.developer != first.developer
    await machine.caller(again.developer)


@pytest.mark.parametrize("text", ["", "rubbish", "[]", '{"developer": 1}', "\0"])
async def test_makes_them_anew_where_they_cannot_be_read(machine: Machine, text: str) -> None:
    await machine.start()
    (machine.state / "local" / "callers.json").write_text(text)
    again = await machine.start()
    await machine.caller(again.developer)
