"""Remember an application before it has a key."""

from __future__ import annotations

import pytest

from forecourt.actions.add_application import AlreadyThere, ApplicationAdded, add_application
from forecourt.actions.credential import Owner, OwnerKind
from forecourt.actions.issue_key import (
    KeyIssued,
    KeyRefused,
    KeyRequest,
    KeyRequestRefusal,
    issue_key,
)
from tests.actions.builders import ACME, ADA, a_record, chance, some_callers
from tests.store.in_memory import InMemoryStore


async def add(
    store: InMemoryStore, owner: Owner = ADA, name: str = "shop", plan: str | None = None
) -> ApplicationAdded | AlreadyThere | KeyRefused:
    return await add_application(
        owner,
        name,
        plan,
        callers=some_callers(),
        store=store.credentials,
        record=a_record(),
        entropy=chance(f"{owner}/{name}/{plan}"),
    )


async def test_a_key_is_then_given_to_it_and_has_its_plan() -> None:
    store = InMemoryStore()
    added = await add(store, plan="free")
    assert isinstance(added, ApplicationAdded)
    issued = await issue_key(
        KeyRequest(owner=ADA, application="shop"),
        callers=some_callers(),
        store=store.credentials,
        record=a_record(),
        entropy=chance("key"),
    )
    assert isinstance(issued, KeyIssued)
    assert issued.held.application == added.application
    assert issued.held.application.plan == "free"


async def test_an_owner_has_one_of_a_name() -> None:
    store = InMemoryStore()
    first = await add(store)
    assert isinstance(first, ApplicationAdded)
    assert await add(store, plan="free") == AlreadyThere(application=first.application)
    assert isinstance(await add(store, ACME), ApplicationAdded)


async def test_a_partner_may_be_named_by_its_file() -> None:
    added = await add(InMemoryStore(), Owner(kind=OwnerKind.PARTNER, name="acme-corp"))
    assert isinstance(added, ApplicationAdded)
    assert added.application.owner == ACME


@pytest.mark.parametrize(
    ("owner", "name", "plan", "reason"),
    [
        (ADA, "", None, KeyRequestRefusal.BAD_APPLICATION_NAME),
        (ADA, "shop", "gold", KeyRequestRefusal.UNKNOWN_PLAN),
        (ACME, "shop", "free", KeyRequestRefusal.PLAN_OF_A_PARTNER),
        (Owner(kind=OwnerKind.PARTNER, name="x"), "shop", None, KeyRequestRefusal.UNKNOWN_PARTNER),
        (
            Owner(kind=OwnerKind.DEVELOPER, name="a/b"),
            "s",
            None,
            KeyRequestRefusal.BAD_DEVELOPER_NAME,
        ),
    ],
    ids=["no name", "no plan", "a plan of a contract", "no partner", "no developer"],
)
async def test_adds_nothing_that_cannot_be(
    owner: Owner, name: str, plan: str | None, reason: KeyRequestRefusal
) -> None:
    store = InMemoryStore()
    refused = await add(store, owner, name, plan)
    assert isinstance(refused, KeyRefused)
    assert refused.reason is reason
    assert await store.credentials.applications(None) == ()
