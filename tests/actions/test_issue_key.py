"""Give an application a key."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from forecourt.actions.api_key import is_well_formed, key_digest
from forecourt.actions.credential import Owner, OwnerKind
from forecourt.actions.issue_key import (
    KeyIssued,
    KeyRefused,
    KeyRequest,
    KeyRequestRefusal,
    issue_key,
)
from tests.actions.builders import ACME, ADA, NOW, a_plan, a_record, chance, some_callers
from tests.store.in_memory import InMemoryStore

A_REQUEST = KeyRequest(owner=ADA, application="shop")


async def ask(
    request: KeyRequest, store: InMemoryStore | None = None, seed: str = ""
) -> KeyIssued | KeyRefused:
    return await issue_key(
        request,
        callers=some_callers(plans=(a_plan("free"), a_plan("standard"))),
        store=(store or InMemoryStore()).credentials,
        record=a_record(),
        entropy=chance(seed),
        external_apis=("lamps", "prices"),
    )


async def issued(
    request: KeyRequest, store: InMemoryStore | None = None, seed: str = ""
) -> KeyIssued:
    outcome = await ask(request, store, seed)
    assert isinstance(outcome, KeyIssued)
    return outcome


async def test_shows_the_key_and_remembers_its_digest() -> None:
    store = InMemoryStore()
    outcome = await issued(A_REQUEST, store)
    assert is_well_formed(outcome.key)
    assert outcome.key.startswith("fc_live_")
    assert await store.credentials.held_key(key_digest(outcome.key)) == outcome.held
    assert outcome.key not in repr(outcome.held)


async def test_makes_an_application_that_its_owner_has_not() -> None:
    outcome = await issued(replace(A_REQUEST, plan="free"))
    application = outcome.held.application
    assert (application.name, application.owner, application.plan) == ("shop", ADA, "free")
    assert application.id.startswith("app_")
    assert outcome.held.credential.application == application.id


async def test_gives_a_second_key_to_the_same_application() -> None:
    store = InMemoryStore()
    first = await issued(replace(A_REQUEST, plan="free"), store, "1")
    second = await issued(A_REQUEST, store, "2")
    assert second.held.application == first.held.application
    assert second.key != first.key
    assert second.held.credential.id != first.held.credential.id


async def test_keeps_applications_of_one_name_apart_by_owner() -> None:
    store = InMemoryStore()
    first = await issued(A_REQUEST, store, "1")
    second = await issued(replace(A_REQUEST, owner=ACME), store, "2")
    assert first.held.application.id != second.held.application.id


@pytest.mark.parametrize("name", ["acme-corp", "partner_acme_corp"], ids=["its file", "its id"])
async def test_knows_a_partner_by(name: str) -> None:
    owner = Owner(kind=OwnerKind.PARTNER, name=name)
    outcome = await issued(replace(A_REQUEST, owner=owner))
    assert outcome.held.application.owner == ACME


async def test_grants_each_scope_once() -> None:
    outcome = await issued(replace(A_REQUEST, scopes=("write", "read", "write")))
    assert outcome.held.credential.scopes == ("read", "write")


async def test_marks_a_test_key() -> None:
    outcome = await issued(replace(A_REQUEST, is_test=True))
    assert outcome.key.startswith("fc_test_")
    assert outcome.held.credential.is_test


@pytest.mark.parametrize(
    ("changes", "reason", "given"),
    [
        (
            {"owner": Owner(kind=OwnerKind.PARTNER, name="acme")},
            KeyRequestRefusal.UNKNOWN_PARTNER,
            "acme",
        ),
        ({"plan": "gold"}, KeyRequestRefusal.UNKNOWN_PLAN, "gold"),
        ({"owner": ACME, "plan": "free"}, KeyRequestRefusal.PLAN_OF_A_PARTNER, "free"),
        ({"application": "  "}, KeyRequestRefusal.BAD_APPLICATION_NAME, "  "),
        ({"application": "a\nb"}, KeyRequestRefusal.BAD_APPLICATION_NAME, "a\nb"),
        ({"application": "a" * 101}, KeyRequestRefusal.BAD_APPLICATION_NAME, "a" * 101),
        ({"scopes": ("a b",)}, KeyRequestRefusal.BAD_SCOPE, "a b"),
        ({"scopes": ("",)}, KeyRequestRefusal.BAD_SCOPE, ""),
        ({"expires_at": NOW}, KeyRequestRefusal.EXPIRED_ALREADY, NOW.isoformat()),
    ],
)
async def test_refuses(changes: dict[str, object], reason: KeyRequestRefusal, given: str) -> None:
    store = InMemoryStore()
    outcome = await ask(replace(A_REQUEST, **changes), store)  # type: ignore[arg-type]
    assert isinstance(outcome, KeyRefused)
    assert (outcome.reason, outcome.given) == (reason, given)
    assert await store.credentials.keys(None) == ()


@pytest.mark.parametrize("name", ["", "a/b", "a b", "a\n", "-a", "a" * 101, "é"])
async def test_refuses_a_developer_whose_name_could_be_mistaken(name: str) -> None:
    owner = Owner(kind=OwnerKind.DEVELOPER, name=name)
    outcome = await ask(replace(A_REQUEST, owner=owner))
    assert isinstance(outcome, KeyRefused)
    assert outcome.reason is KeyRequestRefusal.BAD_DEVELOPER_NAME


async def test_says_which_plans_there_are() -> None:
    outcome = await ask(replace(A_REQUEST, plan="gold"))
    assert isinstance(outcome, KeyRefused)
    assert outcome.known == ("free", "standard")


async def test_moves_no_application_to_another_plan() -> None:
    store = InMemoryStore()
    await issued(replace(A_REQUEST, plan="free"), store, "1")
    outcome = await ask(replace(A_REQUEST, plan="standard"), store, "2")
    assert isinstance(outcome, KeyRefused)
    assert (outcome.reason, outcome.known) == (KeyRequestRefusal.OTHER_PLAN, ("free",))


async def test_accepts_an_end_that_is_to_come() -> None:
    end = NOW + timedelta(seconds=1)
    assert (await issued(replace(A_REQUEST, expires_at=end))).held.credential.expires_at == end


async def test_keeps_what_a_key_is_limited_to_in_one_spelling() -> None:
    outcome = await issued(
        replace(
            A_REQUEST,
            name="till 7",
            apis=("prices", "lamps", "prices"),
            addresses=("203.0.113.7", "2001:DB8::/32", "203.0.113.7/32"),
        )
    )
    key = outcome.held.credential
    assert (key.name, key.apis) == ("till 7", ("lamps", "prices"))
    assert key.addresses == ("2001:db8::/32", "203.0.113.7/32")


@pytest.mark.parametrize(
    ("request_", "reason", "given"),
    [
        (replace(A_REQUEST, apis=("lamps", "users")), KeyRequestRefusal.UNKNOWN_API, "users"),
        # A contract names `payments` only, whatever is public.
        (replace(A_REQUEST, owner=ACME, apis=("lamps",)), KeyRequestRefusal.UNKNOWN_API, "lamps"),
        (replace(A_REQUEST, name="\n"), KeyRequestRefusal.BAD_KEY_NAME, "\n"),
        (
            replace(A_REQUEST, addresses=("203.0.113.7/24",)),
            KeyRequestRefusal.NOT_A_NETWORK,
            "203.0.113.7/24",
        ),
        (
            replace(A_REQUEST, addresses=tuple(f"203.0.113.{n}" for n in range(51))),
            KeyRequestRefusal.TOO_MANY_NETWORKS,
            "51",
        ),
    ],
    ids=["an API that is none", "one of no contract", "no name", "no network", "too many"],
)
async def test_refuses_to_limit_a_key(
    request_: KeyRequest, reason: KeyRequestRefusal, given: str
) -> None:
    outcome = await ask(request_)
    assert isinstance(outcome, KeyRefused)
    assert (outcome.reason, outcome.given) == (reason, given)


async def test_limits_a_partners_key_to_what_its_contract_names() -> None:
    outcome = await issued(replace(A_REQUEST, owner=ACME, apis=("payments",)))
    assert outcome.held.credential.apis == ("payments",)
