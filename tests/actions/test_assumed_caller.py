"""Whom a name stands for, without anybody's secret."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from forecourt.actions.api_key import key_digest
from forecourt.actions.assumed_caller import (
    Known,
    Lookup,
    Nobody,
    NoSuchCaller,
    SeveralKeys,
    assumed_caller,
    caller_in_log,
)
from forecourt.actions.credential import Owner
from forecourt.actions.presented import PresentedKey
from forecourt.actions.resolve_credential import resolve_credential
from forecourt.compiler.ir.callers import Callers
from forecourt.compiler.refusals import Refusal
from tests.actions.builders import (
    ACME,
    ADA,
    NOW,
    a_held_key,
    a_partner,
    a_record,
    a_revocation,
    an_application,
    some_callers,
)
from tests.actions.oauth.builders import a_client
from tests.store.in_memory import InMemoryStore


async def a_store(*held: tuple[str, Any]) -> InMemoryStore:
    store = InMemoryStore()
    for key, one in held:
        await store.credentials.add_key(one, key_digest(key), a_record())
    return store


def lookup_in(store: InMemoryStore) -> Lookup:
    return Lookup(keys=store.credentials, clients=store.clients)


async def asked(reference: str, store: InMemoryStore, callers: Callers | None = None) -> Any:
    return await assumed_caller(
        reference, callers=callers or some_callers(), lookup=lookup_in(store), now=NOW
    )


async def test_a_key_is_known_by_its_beginning_its_id_and_itself() -> None:
    key, held = a_held_key()
    store = await a_store((key, held))
    resolved = await resolve_credential(
        PresentedKey(key), callers=some_callers(), store=store.credentials, now=NOW
    )
    for reference in (held.credential.prefix, held.credential.shown, held.credential.id, key):
        found = await asked(reference, store)
        assert isinstance(found, Known)
        assert (found.kind, found.entitlement, found.held) == ("api_key", resolved, held)


@pytest.mark.parametrize(
    ("fields", "because"),
    [
        ({"revoked": a_revocation()}, "revoked"),
        ({"expires_at": NOW}, "expired"),
        ({"created_at": NOW + timedelta(hours=1)}, "unknown"),
    ],
)
async def test_a_key_that_counts_no_more_is_nobody_and_says_why(
    fields: dict[str, Any], because: str
) -> None:
    key, held = a_held_key(**fields)
    found = await asked(held.credential.id, await a_store((key, held)))
    assert found == Nobody(kind="api_key", because=because, held=held)
    assert found.refusal is Refusal.UNKNOWN


async def test_a_key_that_was_revoked_later_counted_then() -> None:
    key, held = a_held_key(revoked=a_revocation(NOW + timedelta(seconds=1)))
    assert isinstance(await asked(held.credential.id, await a_store((key, held))), Known)


async def test_the_key_of_a_partner_that_is_gone_is_nobody() -> None:
    key, held = a_held_key(application=an_application(ACME))
    store = await a_store((key, held))
    found = await asked(held.credential.id, store, some_callers(partners=()))
    assert isinstance(found, Nobody)
    assert found.because == "undeclared"


async def test_of_several_keys_the_one_that_stands_is_meant_else_none() -> None:
    keys = [a_held_key(seed, prefix="fc_live_same") for seed in "ab"]
    assert isinstance(await asked("fc_live_same", await a_store(*keys)), SeveralKeys)
    key, revoked = a_held_key("a", prefix="fc_live_same", revoked=a_revocation())
    found = await asked("fc_live_same", await a_store((key, revoked), keys[1]))
    assert isinstance(found, Known)
    assert found.held == keys[1][1]


@pytest.mark.parametrize(
    ("reference", "kind", "consumer", "credential"),
    [
        ("service:orders", "spiffe", "service:orders", "spiffe:orders"),
        ("internal_token:orders", "internal_token", "service:orders", "internal_token:orders"),
        ("partner:acme-corp", "api_key", "partner:partner_acme_corp", "any key of it"),
        ("partner:partner_acme_corp", "api_key", "partner:partner_acme_corp", "any key of it"),
        ("token:acme-id/app-7", "token", "developer:acme-id/app-7", "token:acme-id/app-7/"),
        ("token:acme-id/a%2F7/bo", "token", "developer:acme-id/a%2F7", "token:acme-id/a%2F7/bo"),
    ],
)
async def test_others_are_known_by_name(
    reference: str, kind: str, consumer: str, credential: str
) -> None:
    found = await asked(reference, await a_store())
    assert isinstance(found, Known)
    assert (found.kind, found.entitlement.consumer) == (kind, consumer)
    assert found.entitlement.credential == credential


@pytest.mark.parametrize("certificates", [{"sha256": ("ab" * 32,)}, {"ca": "certs/acme.pem"}])
async def test_a_partner_that_must_bring_a_certificate_is_taken_to_bring_it(
    certificates: dict[str, Any],
) -> None:
    partner = a_partner(host="acme-corp.api.acme.example", **certificates)
    found = await asked("partner:acme-corp", await a_store(), some_callers(partners=(partner,)))
    assert isinstance(found, Known)
    assert (found.kind, found.caller.needs_certificate) == ("certificate", True)


async def test_a_developer_is_known_by_the_key() -> None:
    key, held = a_held_key()
    found = await asked("developer:ada", await a_store((key, held)))
    assert isinstance(found, Known)
    assert found.held == held


@pytest.mark.parametrize("reference", ["client_one", "developer:ada", "developer:ada/shop"])
async def test_a_client_is_known_by_its_id_and_by_who_has_no_key(reference: str) -> None:
    store, held = await a_store(), a_client(scopes=("read",), is_test=True, created_at=NOW)
    await store.clients.add_client(held, a_record())
    found = await asked(reference, store)
    assert isinstance(found, Known)
    assert (found.kind, found.client) == ("access_token", held)
    assert found.application == held.application
    its = found.entitlement
    assert (its.credential, its.scopes, its.is_test) == ("client_one", ("read",), True)
    assert (its.grants, its.consumer) == (None, "developer:ada")


@pytest.mark.parametrize(
    ("fields", "because"),
    [
        ({"revoked": a_revocation()}, "revoked"),
        ({"expires_at": NOW}, "expired"),
        ({"created_at": NOW + timedelta(hours=1)}, "unknown"),
    ],
)
async def test_a_client_that_counts_no_more_is_nobody_and_says_why(
    fields: dict[str, Any], because: str
) -> None:
    store, held = await a_store(), a_client(**fields)
    await store.clients.add_client(held, a_record())
    assert await asked("client_one", store) == Nobody(
        kind="access_token", because=because, client=held
    )


async def test_of_several_clients_each_is_named() -> None:
    store = await a_store()
    for id in ("client_one", "client_two"):
        await store.clients.add_client(a_client(id=id), a_record())
    assert await asked("developer:ada/shop", store) == NoSuchCaller(
        what="developer's application with a key",
        name="ada/shop",
        known=("client_one", "client_two"),
    )


@pytest.mark.parametrize(
    ("reference", "what", "known"),
    [
        ("service:ordres", "service", ("orders",)),
        ("partner:nobody", "partner", ("acme-corp",)),
        ("token:other/app", "issuer", ("acme-id",)),
        ("developer:bob", "developer with a key", ()),
        ("client_nobody", "client", ()),
        ("fc_live_0000", "key", ()),
        ("key_x", "key", ()),
        ("ключ", "key", ()),
        ("", "key", ()),
    ],
)
async def test_a_name_that_stands_for_nothing_is_said(
    reference: str, what: str, known: tuple[str, ...]
) -> None:
    found = await asked(reference, await a_store())
    assert isinstance(found, NoSuchCaller)
    assert (found.what, found.known) == (what, known)


async def test_a_whole_key_that_is_nobodys_is_not_repeated() -> None:
    key, _ = a_held_key()
    found = await asked(key, await a_store())
    assert isinstance(found, NoSuchCaller)
    assert key[12:] not in found.name


async def test_the_log_names_a_certificate_and_its_partner() -> None:
    async def in_log(consumer: str) -> Any:
        return await caller_in_log(
            "certificate:0123456789abcdef",
            consumer,
            callers=some_callers(),
            lookup=lookup_in(InMemoryStore()),
            now=NOW,
        )

    found = await in_log("partner:partner_acme_corp")
    assert isinstance(found, Known)
    assert (found.kind, found.entitlement.consumer) == ("certificate", "partner:partner_acme_corp")
    assert await in_log("partner:gone") == Nobody(kind="certificate", because="undeclared")


def test_who_brings_nothing_is_told_that_a_credential_is_missing() -> None:
    assert Nobody().refusal is Refusal.MISSING
    assert Nobody(kind="token", because="malformed").refusal is Refusal.MALFORMED


@pytest.mark.parametrize(
    ("reference", "owner"),
    [
        ("developer:ada/shop", ADA),
        ("partner:acme-corp/shop", ACME),
        ("partner:partner_acme_corp/shop", ACME),
    ],
)
async def test_an_application_is_known_by_its_owner_and_name(reference: str, owner: Owner) -> None:
    store = await a_store(
        a_held_key("1", an_application(owner)),
        a_held_key("2", an_application(owner, id="app_2", name="other")),
    )
    found = await asked(reference, store)
    assert isinstance(found, Known)
    assert found.held is not None
    assert (found.held.application.name, found.held.application.owner) == ("shop", owner)
    missing = await asked(f"{reference}s", store)
    assert missing == NoSuchCaller(
        what=f"{reference.partition(':')[0]}'s application with a key",
        name=f"{reference}s".partition(":")[2],
    )
