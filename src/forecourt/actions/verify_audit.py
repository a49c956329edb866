"""Find the first entry of the audit log that was changed, taken out or moved."""

from __future__ import annotations

import json
from dataclasses import dataclass

from forecourt.actions.audit import (
    AuditEntry,
    AuditHead,
    ReadAudit,
    beginning,
    hash_of_entry,
)

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Every entry is as it was written, from the first to `head`."""

    head: AuditHead


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """`number` is the first entry that is not as it was written, `because` what is wrong."""

    number: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanchored:
    """All that is there fits, but nothing known from before says that it is all there was."""

    head: AuditHead


async def verify_audit(
    log: ReadAudit, *, anchor: AuditHead | None, noted: str | None = None
) -> Sound | Wrong | Unanchored:
    """Judges the whole log.

    `anchor` is where it ended when this machine last looked, `noted` the hash of an entry that
    somebody kept: both must still be in it, or the end was taken off.
    """
    counted = await log.head()
    if anchor is not None and anchor.epoch != counted.epoch:
        return Wrong(number=1, because="the anchor is of another database than this")
    last = AuditHead(epoch=counted.epoch, number=0, hash=beginning(counted.epoch))
    is_noted = noted is None
    after = None  # not 0: what stands before the first entry was put there by hand
    while some := await log.entries_after(after, most=_AT_ONCE):
        after = some[-1].number
        for each in some:
            if each.number < 1:
                return Wrong(number=each.number, because="numbers begin at 1; it was put there")
            if because := _fault(each, last):
                return Wrong(number=last.number + 1, because=because)
            if anchor is not None and each.number == anchor.number and each.hash != anchor.hash:
                return Wrong(number=each.number, because="it is another than the anchor names")
            is_noted = is_noted or each.hash == noted
            last = AuditHead(epoch=counted.epoch, number=each.number, hash=each.hash)
    return _end(last, counted, await log.head(), anchor, noted, is_noted=is_noted)


async def leads_on(log: ReadAudit, known: AuditHead, head: AuditHead) -> bool:
    """Whether the entries after `known` lead to `head`, each following the one before it."""
    last = known
    while last.number < head.number:
        some = await log.entries_after(last.number, most=_AT_ONCE)
        if not some:
            return False
        for each in some[: head.number - last.number]:
            if _fault(each, last):
                return False
            last = AuditHead(epoch=known.epoch, number=each.number, hash=each.hash)
    return last == head


def _end(
    last: AuditHead,
    first_counted: AuditHead,
    counted: AuditHead,
    anchor: AuditHead | None,
    noted: str | None,
    *,
    is_noted: bool,
) -> Sound | Wrong | Unanchored:
    """Whether the log ends where it should; entries may have come while it was read."""
    missing = last.number + 1
    if last.number < first_counted.number:
        because = f"it is missing, and so is all up to {first_counted.number}, which was counted"
        return Wrong(number=missing, because=because)
    if last.number > counted.number:
        because = f"only {counted.number} were counted; it was put there by hand"
        return Wrong(number=counted.number + 1, because=because)
    if last.number == counted.number and last.hash != counted.hash and counted.number:
        return Wrong(number=last.number, because="it is another than was counted last")
    if anchor is not None and last.number < anchor.number:
        because = f"it is missing, and so is all up to {anchor.number}, which the anchor names"
        return Wrong(number=missing, because=because)
    if not is_noted:
        return Wrong(number=missing, because=f"no entry has the hash that was noted, {noted}")
    if anchor is None and noted is None and last.number:
        return Unanchored(head=last)
    return Sound(head=last)


def _fault(each: AuditEntry, last: AuditHead) -> str | None:
    """What is wrong with an entry after `last`."""
    if each.number != last.number + 1:
        return f"it is missing; the next that is there is {each.number}"
    if hash_of_entry(each.text) != each.hash:
        return "its text was changed"
    try:
        written = json.loads(each.text)
        number, previous = written["number"], written["previous"]
        at, what = written["at"], written["what"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "its text is no entry"
    if number != each.number:
        return f"entry {number} stands in its place"
    if previous != last.hash:
        return "it does not follow the entry before it"
    if (at, what) != (each.at.isoformat(timespec="microseconds"), each.what):
        return "it is listed under another time or act than its text says"
    return None
