"""Entries of the audit log: the same act gives the same text, and no text holds a secret."""

from __future__ import annotations

import json

from forecourt.actions.audit import AuditedAct, Deed, beginning, entry, hash_of_entry
from forecourt.actions.record import Record
from tests.actions.builders import NOW, a_held_key, a_record


def an_act(subject: str = "key_1", **fields: str) -> AuditedAct:
    return AuditedAct(deed=Deed.KEY_REVOKE, subject=subject, record=a_record(**fields))


def test_an_entry_says_who_did_what_to_what_when_why_and_from_where() -> None:
    made = entry(an_act(), number=7, previous="ab", origin="gate-1")
    assert json.loads(made.text) == {
        "number": 7,
        "previous": "ab",
        "at": "2026-03-01T12:30:15.250000+00:00",
        "who": "grace",
        "from": "gate-1",
        "what": "key.revoke",
        "subject": "key_1",
        "because": "they asked",
        "before": {},
        "after": {},
    }
    assert (made.number, made.at, made.what) == (7, NOW, "key.revoke")
    assert made.hash == hash_of_entry(made.text)


def test_its_text_is_the_same_each_time_and_in_ascii() -> None:
    first, second = (
        entry(an_act(because="Zoë \udcff"), number=1, previous="", origin="x") for _ in range(2)
    )
    assert first == second
    assert first.text.isascii()


def test_two_databases_begin_differently() -> None:
    assert beginning("one") != beginning("two")


def test_a_key_that_somebody_gave_as_the_reason_is_not_in_it() -> None:
    key, _ = a_held_key()
    record = Record(at=NOW, who="ada", because=f"{key} was in a chat")
    act = AuditedAct(deed=Deed.KEY_REVOKE, subject="key_1", record=record)
    made = entry(act, number=1, previous="", origin="")
    assert key not in made.text
    assert "was in a chat" in made.text
