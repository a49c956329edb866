"""The audit log as values: what was done, and the hash that ties each entry to the one before.

An entry is a text, JSON with sorted names and no spaces, in ASCII. Its hash is the SHA-256 of that
text, and the text holds the hash of the entry before, so that no entry can be changed, taken out
or moved without every later one being written anew. The first holds a hash of the database's name:
no chain of another database can stand in its place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from hashlib import sha256
from typing import Protocol

from forecourt.actions.record import Record
from forecourt.edge.redaction import without_secrets

Fact = str | int | bool | None | list[str] | dict[str, str | None]
Facts = Mapping[str, Fact]


class Deed(Enum):
    """What was done; the word before the dot is what it was done to."""

    REVISION_PUBLISH = "revision.publish"
    REVISION_OPEN = "revision.open"
    REVISION_NARROW = "revision.narrow"
    REVISION_ROLLBACK = "revision.rollback"
    NARROWING_SET = "narrowing.set"
    NARROWING_LIFT = "narrowing.lift"
    PART_REJECT = "part.reject"
    PART_ACCEPT = "part.accept"
    APPLICATION_ADD = "application.add"
    CONSUMER_SUSPEND = "consumer.suspend"
    CONSUMER_RESUME = "consumer.resume"
    BLOCK_ADD = "block.add"
    BLOCK_LIFT = "block.lift"
    KEY_ISSUE = "key.issue"
    KEY_IMPORT = "key.import"
    KEY_ROTATE = "key.rotate"
    KEY_REVOKE = "key.revoke"
    CLIENT_ADD = "client.add"
    CLIENT_REVOKE = "client.revoke"
    CLIENT_ROTATE = "client.rotate"
    TOKEN_ISSUE = "token.issue"
    TOKEN_REVOKE = "token.revoke"
    TOKEN_ROTATE = "token.rotate"
    LEAKS_FORGET = "leaks.forget"
    PIN_SET = "pin.set"
    PIN_LIFT = "pin.lift"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedAct:
    """Something that was done to `subject`. `before` and `after` are what is worth knowing of it
    then and now, and never hold a secret."""

    deed: Deed
    subject: str
    record: Record
    before: Facts = field(default_factory=dict)
    after: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """An entry as it was read: its number (from 1), when and what, and its text and hash."""

    number: int
    at: datetime
    what: str
    text: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditHead:
    """Where a log ends: the database's name, the last number (0: none yet) and its hash."""

    epoch: str
    number: int
    hash: str


class ReadAudit(Protocol):
    """Where the log is read."""

    async def head(self) -> AuditHead:
        """Where it ends by what the database counts."""
        ...

    async def entries_after(self, number: int | None, *, most: int) -> tuple[AuditEntry, ...]:
        """The entries after that one (None: all that are there), in the order of their numbers."""
        ...


class WriteAudit(Protocol):
    """Where acts are written that change nothing else in the store."""

    async def record(self, act: AuditedAct) -> None:
        """Writes an entry. Raises what keeps it from being written."""
        ...


def beginning(epoch: str) -> str:
    """What the first entry holds in place of the hash of one before."""
    return sha256(f"forecourt audit {epoch}".encode()).hexdigest()


def entry(act: AuditedAct, *, number: int, previous: str, origin: str) -> AuditEntry:
    """The entry that comes after the one with the hash `previous`; `origin` is where from."""
    at = act.record.at.astimezone(UTC)
    written = {
        "number": number,
        "previous": previous,
        "at": at.isoformat(timespec="microseconds"),
        "who": act.record.who,
        "from": origin,
        "what": act.deed.value,
        "subject": act.subject,
        "because": without_secrets(act.record.because),
        "before": dict(act.before),
        "after": dict(act.after),
    }
    text = json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return AuditEntry(
        number=number, at=at, what=act.deed.value, text=text, hash=hash_of_entry(text)
    )


def hash_of_entry(text: str) -> str:
    """SHA-256 in hex."""
    return sha256(text.encode()).hexdigest()
