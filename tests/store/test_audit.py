"""Every act leaves an entry in the transaction that makes it true, in every database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import forecourt.store
from forecourt.actions.api_key import key_digest
from forecourt.actions.audit import AuditedAct, Deed
from forecourt.actions.oauth.access_token import new_access_token
from forecourt.actions.oauth.client import FormerSecret
from forecourt.actions.revision import Effect, RevisionKind
from forecourt.actions.verify_audit import Sound, Wrong, verify_audit
from forecourt.store.audit_anchor import AuditAnchor
from forecourt.store.audited_revisions import MOST_LINES
from forecourt.store.database import Database
from forecourt.store.opening import Store, opened_store
from forecourt.store.url import database_url
from tests.actions.builders import (
    ACME,
    NOW,
    a_block,
    a_held_key,
    a_record,
    a_revocation,
    a_suspension,
    an_application,
    chance,
)
from tests.actions.oauth.builders import URL, a_client
from tests.store.test_leaks import a_place, seen
from tests.store.test_narrowings import a_narrowing
from tests.store.test_pins import a_pin


@pytest.fixture
async def opened(url: str, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store with an anchor."""
    anchor = tmp_path / "anchor.json"
    async with opened_store(database_url(url), origin="gate-1", anchor=anchor) as store:
        yield store


async def written(store: Store) -> list[dict[str, Any]]:
    """What the entries say, oldest first."""
    return [json.loads(e.text) for e in await store.audit.entries_after(0, most=100)]


async def publish(store: Store, kind: RevisionKind, **changed: str | None) -> None:
    await store.revisions.add(
        snapshot=f"snapshot of {kind.value}",
        kind=kind,
        at=NOW,
        who="ada",
        because="v1",
        changed={f"api/{name}": content for name, content in changed.items()},
        effect=Effect(opened=("anyone: payments",), closed=("service x: users",)),
    )


async def issue(store: Store) -> None:
    key, held = a_held_key()
    await store.credentials.add_key(held, key_digest(key), a_record())


async def revoke(store: Store) -> None:
    await issue(store)
    await store.credentials.revoke(a_held_key()[1].credential.id, a_revocation())


async def rotate(store: Store) -> None:
    await issue(store)
    key, new = a_held_key("new")
    id = a_held_key()[1].credential.id
    assert await store.credentials.rotate(id, NOW, new, key_digest(key), a_record())


async def import_keys(store: Store) -> None:
    key, held = a_held_key()
    await store.credentials.add_keys([(held, key_digest(key))], a_record())


async def lift(store: Store) -> None:
    await store.narrowings.narrow(a_narrowing())
    await store.narrowings.lift("payments", a_record())


async def accept(store: Store) -> None:
    await store.rejected_parts.reject([("api/a", "d1")], a_record())
    await store.rejected_parts.accept([("api/a", "d1")], a_record())


async def forget(store: Store) -> None:
    await store.leaks.add(seen(a_place()), NOW)
    await store.leaks.forget("payments", None, a_record())


async def add_application(store: Store) -> None:
    await store.credentials.add_application(an_application(ACME), a_record())


async def suspend(store: Store) -> None:
    assert await store.suspensions.suspend(a_suspension())


async def resume(store: Store) -> None:
    await store.suspensions.suspend(a_suspension())
    assert await store.suspensions.resume(a_suspension().caller, a_record())


async def block(store: Store) -> None:
    await store.blocks.add([a_block()])


async def lift_block(store: Store) -> None:
    other = a_block("198.51.100.9/32")
    await store.blocks.add([other])
    assert await store.blocks.lift([other.id], a_record())


async def unpin(store: Store) -> None:
    await store.pins.pin(a_pin("2"))
    assert await store.pins.unpin("app_1", "prices", NOW, "grace")


async def token(store: Store) -> None:
    await store.audit.record(AuditedAct(deed=Deed.TOKEN_ISSUE, subject="tok_1", record=a_record()))


async def rotate_signing(store: Store) -> None:
    await store.audit.record(AuditedAct(deed=Deed.TOKEN_ROTATE, subject="kid", record=a_record()))


async def take_token_back(store: Store) -> None:
    token = new_access_token(
        issuer=URL, client="client_one", audience=(URL,), scopes=None, now=NOW, entropy=chance()
    )
    await store.clients.revoke_token(token, a_record())


async def revoke_client(store: Store) -> None:
    await store.clients.add_client(a_client(), a_record())
    assert await store.clients.revoke_client("client_one", a_revocation())


async def rotate_client(store: Store, former: FormerSecret | None = None) -> None:
    await store.clients.add_client(a_client(), a_record())
    assert await store.clients.rotate_secret(a_client().client, "cd" * 32, former, a_record())


ACTS: dict[Deed, Callable[[Store], Awaitable[None]]] = {
    Deed.REVISION_PUBLISH: lambda s: publish(s, RevisionKind.SAVE, payments="1"),
    Deed.REVISION_OPEN: lambda s: publish(s, RevisionKind.OPEN, payments="1"),
    Deed.REVISION_NARROW: lambda s: publish(s, RevisionKind.NARROW, payments="1"),
    Deed.REVISION_ROLLBACK: lambda s: publish(s, RevisionKind.ROLLBACK, payments="1"),
    Deed.NARROWING_SET: lambda s: s.narrowings.narrow(a_narrowing()),
    Deed.NARROWING_LIFT: lift,
    Deed.PART_REJECT: lambda s: s.rejected_parts.reject([("api/a", "d1")], a_record()),
    Deed.PART_ACCEPT: accept,
    Deed.APPLICATION_ADD: add_application,
    Deed.CONSUMER_SUSPEND: suspend,
    Deed.CONSUMER_RESUME: resume,
    Deed.BLOCK_ADD: block,
    Deed.BLOCK_LIFT: lift_block,
    Deed.KEY_ISSUE: issue,
    Deed.KEY_IMPORT: import_keys,
    Deed.KEY_ROTATE: rotate,
    Deed.KEY_REVOKE: revoke,
    Deed.CLIENT_ADD: lambda s: s.clients.add_client(a_client(), a_record()),
    Deed.CLIENT_ROTATE: rotate_client,
    Deed.CLIENT_REVOKE: revoke_client,
    Deed.TOKEN_ISSUE: token,
    Deed.TOKEN_REVOKE: take_token_back,
    Deed.TOKEN_ROTATE: rotate_signing,
    Deed.LEAKS_FORGET: forget,
    Deed.PIN_SET: lambda s: s.pins.pin(a_pin()),
    Deed.PIN_LIFT: unpin,
}


ON_KEYS = (
    *(Deed.KEY_IMPORT, Deed.KEY_REVOKE, Deed.KEY_ROTATE),
    *(Deed.CLIENT_REVOKE, Deed.CLIENT_ROTATE),
)


def test_every_deed_is_done_below() -> None:
    assert set(ACTS) == set(Deed)


async def test_each_act_leaves_an_entry(opened: Store) -> None:
    for deed, act in ACTS.items():
        # Keys that are issued twice break a constraint: each act begins where nothing was issued.
        if deed in ON_KEYS:
            continue
        before = len(await written(opened))
        await act(opened)
        entries = (await written(opened))[before:]
        assert entries[-1]["what"] == deed.value
        assert entries[-1]["from"] == "gate-1"
    head = await opened.audit.head()
    assert await verify_audit(opened.audit, anchor=head) == Sound(head=head)


@pytest.mark.parametrize("deed", ON_KEYS, ids=lambda d: d.value)
async def test_acts_on_keys_leave_one(opened: Store, deed: Deed) -> None:
    await ACTS[deed](opened)
    assert (await written(opened))[-1]["what"] == deed.value


async def test_a_rotation_says_until_when_the_secret_before_stood(opened: Store) -> None:
    former = FormerSecret(sha256="ef" * 32, until=NOW)
    await rotate_client(opened, former)
    entry = (await written(opened))[-1]
    assert entry["before"]["old_secret_until"] is None
    assert entry["after"]["old_secret_until"] == NOW.isoformat()
    again = replace(a_client().client, secret_sha256="cd" * 32, former=former)
    assert await opened.clients.rotate_secret(again, "ab" * 32, None, a_record())
    entry = (await written(opened))[-1]
    assert entry["before"]["old_secret_until"] == NOW.isoformat()
    assert entry["after"]["old_secret_until"] is None


def test_only_what_nobody_does_is_written_without_an_entry() -> None:
    written = {
        file.name
        for file in Path(forecourt.store.__file__).parent.glob("*.py")
        if "database.writing()" in file.read_text()
    }
    # Tables are made; contracts belong to a revision; what upstreams sent is observed; news tells
    # edges of acts that have entries of their own; usage is counted, and a first call pins; what a
    # client signed to prove itself is used up, and from where it did is remembered.
    kept = {"migrate.py", "compiled_contracts.py", "leaks.py", "news.py", "usage.py", "pins.py"}
    kept |= {"clients.py", "client_proofs.py"}
    assert written == kept | {"audit.py"}


async def test_a_publication_says_what_moved_and_what_it_opened_and_closed(opened: Store) -> None:
    await publish(opened, RevisionKind.FIRST, payments="1", users="1")
    await publish(opened, RevisionKind.OPEN, payments="2", users=None)
    entry = (await written(opened))[-1]
    assert entry["before"]["revision"] == 1
    assert entry["after"]["snapshot"] == "snapshot of open"
    assert set(entry["before"]["parts"]) == {"api/payments", "api/users"}
    assert entry["before"]["parts"]["api/payments"] != entry["after"]["parts"]["api/payments"]
    assert entry["after"]["parts"]["api/users"] is None
    assert entry["after"]["opened"] == ["anyone: payments"]
    assert entry["after"]["closed"] == ["service x: users"]


async def test_of_thousands_of_openings_some_are_listed_and_all_are_counted(opened: Store) -> None:
    lines = tuple(f"{n:04}" for n in range(MOST_LINES + 1))
    await opened.revisions.add(
        snapshot="s",
        kind=RevisionKind.OPEN,
        at=NOW,
        who="ada",
        because="",
        changed={},
        effect=Effect(opened=lines),
    )
    after = (await written(opened))[-1]["after"]
    assert after["opened"] == list(lines[:MOST_LINES])
    assert after["opened_in_all"] == MOST_LINES + 1


async def test_what_changed_nothing_leaves_none(opened: Store) -> None:
    await opened.narrowings.lift("payments", a_record())
    await opened.rejected_parts.accept([("api/z", "d")], a_record())
    await opened.rejected_parts.reject([], a_record())
    await opened.leaks.forget("payments", None, a_record())
    assert await opened.credentials.revoke("key_x", a_revocation()) is None
    assert not await opened.pins.unpin("app_1", "prices", NOW, "grace")
    assert await opened.pins.pin_first([a_pin()]) == ()
    assert await written(opened) == []


async def test_no_entry_holds_a_key_or_its_digest(opened: Store) -> None:
    key, held = a_held_key()
    await opened.credentials.add_key(held, key_digest(key), a_record(because=f"for {key}"))
    (entry,) = await opened.audit.entries_after(0, most=10)
    assert held.credential.prefix in entry.text
    assert key not in entry.text
    assert key_digest(key) not in entry.text


# --- all or nothing -------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", ACTS, ids=lambda d: d.value)
async def test_what_cannot_be_recorded_is_not_done(url: str, deed: Deed) -> None:
    async with opened_store(database_url(url)) as store:
        if deed is Deed.LEAKS_FORGET:
            await store.leaks.add(seen(a_place()), NOW)
        before = await everything(url)
        await execute(url, "ALTER TABLE audit_log RENAME TO elsewhere")
        with pytest.raises(Exception, match="audit_log"):
            await ACTS[deed](store)
        await execute(url, "ALTER TABLE elsewhere RENAME TO audit_log")
        if deed is Deed.LEAKS_FORGET:
            assert await store.leaks.of("payments")  # the first half of the act only observes
            return
        assert await everything(url) == before


async def everything(url: str) -> dict[str, list[Any]]:
    database = Database(database_url(url))
    tables = (
        "applications",
        "credentials",
        "oauth_clients",
        "revoked_tokens",
        "revisions",
        "narrowings",
        "rejected_parts",
        "news",
        "pins",
    )
    found = {
        table: list(map(tuple, await database.rows(text(f"SELECT * FROM {table}").columns())))
        for table in (*tables, "pins", "ledger", "leaks", "audit_log")
    }
    await database.close()
    return found


async def execute(url: str, *statements: str) -> None:
    database = Database(database_url(url))
    async with database.writing() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await database.close()


# --- many at once ---------------------------------------------------------------------------------


async def test_however_many_write_at_once_the_chain_never_forks(url: str) -> None:
    async with (
        opened_store(database_url(url)) as one,
        opened_store(database_url(url)) as two,
    ):
        acts = [
            store.narrowings.narrow(a_narrowing(f"api-{n}"))
            for n in range(40)
            for store in ((one, two)[n % 2],)
        ]
        await asyncio.gather(*acts)
        head = await one.audit.head()
        assert head.number == 40
        assert await verify_audit(two.audit, anchor=head) == Sound(head=head)


# --- tampering ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_log SET what = 'x'", "DELETE FROM audit_log"], ids=str.split
)
async def test_the_table_only_grows(url: str, statement: str) -> None:
    async with opened_store(database_url(url)) as store:
        await token(store)
        with pytest.raises(Exception, match="only grows"):
            await execute(url, statement)
        assert len(await written(store)) == 1


async def test_nor_does_an_entry_take_the_place_of_another(tmp_path: Path) -> None:
    """SQLite deletes what is replaced without asking the trigger for deletions."""
    url = f"sqlite:///{tmp_path}/store.db"
    async with opened_store(database_url(url)) as store:
        await token(store)
        with pytest.raises(Exception, match="only grows"):
            await execute(
                url, "REPLACE INTO audit_log SELECT number, at, 'x', 'x', 'x' FROM audit_log"
            )
        assert [entry["subject"] for entry in await written(store)] == ["tok_1"]


def without_triggers(url: str) -> tuple[str, ...]:
    if url.startswith("postgres"):
        return ("DROP TRIGGER audit_log_keeps ON audit_log",)
    return ("DROP TRIGGER audit_log_keeps_update", "DROP TRIGGER audit_log_keeps_delete")


SWAP = (
    "UPDATE audit_log SET number = 99 WHERE number = 2",
    "UPDATE audit_log SET number = 2 WHERE number = 3",
    "UPDATE audit_log SET number = 3 WHERE number = 99",
)
TAMPERINGS = {
    "changed": (("UPDATE audit_log SET entry = replace(entry, 'grace', 'alice')",), 1),
    "taken out": (("DELETE FROM audit_log WHERE number = 2",), 2),
    "taken off": (("DELETE FROM audit_log WHERE number = 4",), 4),
    "moved": (SWAP, 2),
    "dated otherwise": (("UPDATE audit_log SET at = '2020-01-01 00:00:00' WHERE number = 3",), 3),
    "dated with no time": (("UPDATE audit_log SET at = 'infinity' WHERE number = 3",), 3),
    "listed before the first": (
        ("INSERT INTO audit_log SELECT -5, at, what, entry, hash FROM audit_log WHERE number = 1",),
        -5,
    ),
    "put in the place of another": (
        ("UPDATE audit_log SET entry = 'x', hash = 'y' WHERE number = 2",),
        2,
    ),
    "no longer counted": (("DELETE FROM ledger",), 1),
    "taken off with the count": (
        (
            "DELETE FROM audit_log WHERE number = 4",
            "UPDATE ledger SET audit = 3, audit_head = (SELECT hash FROM audit_log"
            " WHERE number = 3)",
        ),
        4,
    ),
    "all taken off with the count": (
        ("DELETE FROM audit_log", "UPDATE ledger SET audit = 0, audit_head = NULL"),
        1,
    ),
}


@pytest.mark.parametrize(("statements", "number"), TAMPERINGS.values(), ids=TAMPERINGS)
async def test_finds_what_was(
    url: str, tmp_path: Path, statements: tuple[str, ...], number: int
) -> None:
    anchor = tmp_path / "anchor.json"
    async with opened_store(database_url(url), anchor=anchor) as store:
        for _ in range(4):
            await token(store)
        await execute(url, *without_triggers(url), *statements)
        outcome = await verify_audit(store.audit, anchor=AuditAnchor(anchor).known())
        assert isinstance(outcome, Wrong)
        assert outcome.number == number


# --- looking for ----------------------------------------------------------------------------------


async def test_lists_by_time_and_act_newest_first(opened: Store) -> None:
    for hours, deed in enumerate((Deed.KEY_ISSUE, Deed.KEY_REVOKE, Deed.TOKEN_ISSUE)):
        record = a_record(NOW + timedelta(hours=hours))
        await opened.audit.record(AuditedAct(deed=deed, subject="x", record=record))
    log = opened.audit
    assert [e.number for e in await log.newest(most=2)] == [3, 2]
    assert [e.number for e in await log.newest(most=9, what="key")] == [2, 1]
    assert [e.number for e in await log.newest(most=9, what="key.revoke")] == [2]
    assert [e.number for e in await log.newest(most=9, what="ke")] == []
    assert [e.number for e in await log.newest(most=9, since=NOW + timedelta(hours=1))] == [3, 2]


async def test_each_act_moves_the_anchor(opened: Store, tmp_path: Path) -> None:
    await token(opened)
    await token(opened)
    assert AuditAnchor(tmp_path / "anchor.json").known() == await opened.audit.head()


# --- the anchor -----------------------------------------------------------------------------------

CUT_OFF = (
    "DELETE FROM audit_log WHERE number > 2",
    "UPDATE ledger SET audit = 2, audit_head = (SELECT hash FROM audit_log WHERE number = 2)",
)


@pytest.mark.parametrize("acts", [1, 2, 5])
async def test_a_log_that_was_cut_off_does_not_become_whole_by_growing(
    url: str, tmp_path: Path, acts: int
) -> None:
    anchor = tmp_path / "anchor.json"
    async with opened_store(database_url(url), anchor=anchor) as store:
        for _ in range(4):
            await token(store)
        known = AuditAnchor(anchor).known()
        await execute(url, *without_triggers(url), *CUT_OFF)
        for n in range(acts):
            await store.narrowings.narrow(a_narrowing(f"api-{n}"))
        assert AuditAnchor(anchor).known() == known
        assert isinstance(await verify_audit(store.audit, anchor=known), Wrong)


async def test_an_anchor_that_was_taken_away_does_not_come_back_by_itself(
    opened: Store, tmp_path: Path
) -> None:
    await token(opened)
    (tmp_path / "anchor.json").unlink()
    await token(opened)
    assert AuditAnchor(tmp_path / "anchor.json").known() is None


async def test_the_anchor_follows_what_other_machines_wrote(
    opened: Store, url: str, tmp_path: Path
) -> None:
    await token(opened)
    async with opened_store(database_url(url), anchor=tmp_path / "another.json") as other:
        await token(other)
        await token(other)
    await token(opened)
    head = await opened.audit.head()
    assert head.number == 4
    assert AuditAnchor(tmp_path / "anchor.json").known() == head
    assert AuditAnchor(tmp_path / "another.json").known() is None


async def test_lists_an_entry_whatever_somebody_made_of_its_time(opened: Store, url: str) -> None:
    await token(opened)
    await execute(url, *without_triggers(url), "UPDATE audit_log SET at = 'infinity'")
    assert [e.number for e in await opened.audit.newest(most=9)] == [1]
