"""Whatever is done to the audit log, the first entry that is wrong is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.actions.audit import (
    AuditedAct,
    AuditEntry,
    AuditHead,
    Deed,
    beginning,
    entry,
    hash_of_entry,
)
from forecourt.actions.verify_audit import Sound, Unanchored, Wrong, verify_audit
from tests.actions.builders import a_record

EPOCH = "e1"


def some_entries(count: int = 5, *, epoch: str = EPOCH) -> list[AuditEntry]:
    made: list[AuditEntry] = []
    for number in range(1, count + 1):
        act = AuditedAct(deed=Deed.KEY_ISSUE, subject=f"key_{number}", record=a_record())
        previous = made[-1].hash if made else beginning(epoch)
        made.append(entry(act, number=number, previous=previous, origin="here"))
    return made


def the_end(entries: list[AuditEntry]) -> AuditHead:
    if not entries:
        return AuditHead(epoch=EPOCH, number=0, hash=beginning(EPOCH))
    return AuditHead(epoch=EPOCH, number=entries[-1].number, hash=entries[-1].hash)


@dataclass
class Log:
    """A log as somebody left it; what is counted is what was there before."""

    entries: list[AuditEntry]
    counted: AuditHead = field(default_factory=lambda: the_end(some_entries()))

    async def head(self) -> AuditHead:
        return self.counted

    async def entries_after(self, number: int | None, *, most: int) -> tuple[AuditEntry, ...]:
        ordered = sorted(self.entries, key=lambda e: e.number)
        return tuple(e for e in ordered if number is None or e.number > number)[:most]


WHOLE = some_entries()
END = the_end(WHOLE)


async def judged(entries: list[AuditEntry], **fields: AuditHead | str | None) -> object:
    counted = fields.pop("counted", END)
    given = {"anchor": END, "noted": None} | fields
    return await verify_audit(Log(entries, counted), **given)  # type: ignore[arg-type]


async def test_a_log_that_nobody_touched_is_sound() -> None:
    assert await judged(WHOLE) == Sound(head=END)


async def test_an_empty_log_of_a_new_database_is_sound() -> None:
    empty = the_end([])
    assert await judged([], counted=empty, anchor=None) == Sound(head=empty)


async def test_an_older_anchor_is_still_in_it() -> None:
    assert await judged(WHOLE, anchor=the_end(WHOLE[:2])) == Sound(head=END)
    assert await judged(WHOLE, anchor=None, noted=WHOLE[1].hash) == Sound(head=END)


def rewritten(entries: list[AuditEntry], index: int) -> list[AuditEntry]:
    """As by somebody who changes an entry and makes every later one fit."""
    made = entries[:index]
    for old in entries[index:]:
        written = json.loads(old.text)
        written["previous"] = made[-1].hash if made else beginning(EPOCH)
        if old is entries[index]:
            written["who"] = "nobody"
        text = json.dumps(written, sort_keys=True, separators=(",", ":"))
        made.append(replace(old, text=text, hash=hash_of_entry(text)))
    return made


def _with(index: int, **fields: str) -> Callable[[list[AuditEntry]], list[AuditEntry]]:
    return lambda e: [*e[:index], replace(e[index], **fields), *e[index + 1 :]]


def _swapped(entries: list[AuditEntry]) -> list[AuditEntry]:
    first, second = entries[1], entries[2]
    return [
        entries[0],
        replace(second, number=2),
        replace(first, number=3),
        *entries[3:],
    ]


def _hashed_anew(entries: list[AuditEntry]) -> list[AuditEntry]:
    text = entries[2].text.replace("grace", "alice")
    return _with(2, text=text, hash=hash_of_entry(text))(entries)


TAMPERED = {
    "a changed text": (_with(2, text=WHOLE[2].text.replace("grace", "alice")), 3, "text"),
    "a changed text with its hash": (_hashed_anew, 4, "does not follow"),
    "a changed hash": (_with(2, hash="0" * 64), 3, "text was changed"),
    "another act in the list": (_with(2, what="key.revoke"), 3, "listed under"),
    "nonsense": (_with(2, text="[]", hash=hash_of_entry("[]")), 3, "is no entry"),
    "one taken out": (lambda e: [*e[:2], *e[3:]], 3, "missing"),
    "the first taken out": (lambda e: e[1:], 1, "missing"),
    "two that changed places": (_swapped, 2, "entry 3 stands in its place"),
    "the last taken off": (lambda e: e[:-1], 5, "missing"),
    "all taken off": (lambda _: [], 1, "missing"),
    "one written anew with all that follow": (lambda e: rewritten(e, 1), 5, "another than"),
    "one put before the first": (lambda e: [replace(e[0], number=-5), *e], -5, "put there"),
    "one put in the place of none": (lambda e: [replace(e[0], number=0), *e], 0, "put there"),
    "entries of another database": (lambda e: some_entries(epoch="e2"), 1, "does not follow"),
}


@pytest.mark.parametrize(("tamper", "number", "because"), TAMPERED.values(), ids=TAMPERED)
async def test_names_the_first_entry_that_is_wrong_after(
    tamper: Callable[[list[AuditEntry]], list[AuditEntry]], number: int, because: str
) -> None:
    outcome = await judged(tamper(WHOLE))
    assert isinstance(outcome, Wrong)
    assert outcome.number == number
    assert because in outcome.because


@given(data=st.data())
async def test_no_change_removal_or_order_passes(data: st.DataObject) -> None:
    order = data.draw(st.lists(st.sampled_from(range(5)), max_size=5, unique=True))
    moved = [replace(WHOLE[old], number=new + 1) for new, old in enumerate(order)]
    if order == list(range(5)):
        index = data.draw(st.integers(0, 4))
        cut = data.draw(st.integers(0, len(WHOLE[index].text) - 1))
        text = WHOLE[index].text
        moved[index] = replace(moved[index], text=f"{text[:cut]}#{text[cut + 1 :]}")
    assert isinstance(await judged(moved, anchor=None), Wrong)


async def test_an_end_taken_off_together_with_the_count_is_found_by_anchor_or_note() -> None:
    shorter = WHOLE[:3]
    counted = the_end(shorter)
    by_anchor = await judged(shorter, counted=counted)
    assert isinstance(by_anchor, Wrong)
    assert by_anchor.number == 4
    by_note = await judged(shorter, counted=counted, anchor=None, noted=END.hash)
    assert isinstance(by_note, Wrong)
    assert END.hash in by_note.because


async def test_a_log_written_anew_together_with_the_count_is_found_by_the_anchor() -> None:
    anew = rewritten(WHOLE, 1)
    outcome = await judged(anew, counted=the_end(anew))
    assert outcome == Wrong(number=5, because="it is another than the anchor names")


async def test_a_database_put_in_the_place_of_another_is_found() -> None:
    other = replace(END, epoch="e2")
    assert isinstance(await judged(WHOLE, anchor=other), Wrong)


async def test_an_entry_that_was_not_counted_was_put_there() -> None:
    outcome = await judged(WHOLE, counted=the_end(WHOLE[:4]), anchor=None, noted=WHOLE[0].hash)
    assert isinstance(outcome, Wrong)
    assert outcome.number == 5


async def test_without_anything_known_from_before_nobody_can_say_that_the_end_is_there() -> None:
    assert await judged(WHOLE, anchor=None) == Unanchored(head=END)
