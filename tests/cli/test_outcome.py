"""How a publication reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forecourt.actions.leak import Leak
from forecourt.actions.plan_publication import Held, HeldBecause, Refused
from forecourt.actions.publish import Published, Unchanged
from forecourt.actions.revision import Revision, RevisionKind
from forecourt.actions.tightened import Tightened
from forecourt.cli.outcome import outcome_lines
from forecourt.compiler.reach import Reach
from tests.actions.builders import NOW
from tests.store.test_leaks import a_place

USERS = "api/users"


@pytest.fixture(autouse=True)
def _in_the_estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def a_publication(kind: RevisionKind = RevisionKind.SAVE, *moved: str) -> Published:
    revision = Revision(
        number=3,
        snapshot="abc",
        kind=kind,
        at=datetime(2030, 1, 1, tzinfo=UTC),
        who="ada",
        because="saved",
    )
    return Published(revision=revision, moved=moved, openings=(), held=(), refused=())


def said(outcome: Published | Unchanged, estate: Path = Path()) -> list[str]:
    return list(outcome_lines(outcome, seconds=0.0412, estate=estate))


def held(because: HeldBecause = HeldBecause.WIDENING, openings: int = 1) -> Unchanged:
    reaches = tuple(
        Reach(who=f"service {n}", listener="internal", what="users") for n in range(openings)
    )
    return Unchanged(held=(Held(part=USERS, because=because, openings=reaches),), refused=())


def test_what_moved_is_named_with_its_revision() -> None:
    assert said(a_publication(RevisionKind.SAVE, USERS, "callers/partner/acme-corp")) == [
        "revision 3 serves after 0.04 s: users, partner acme-corp"
    ]


def test_a_revision_that_moved_no_part_is_about_the_edge_itself() -> None:
    assert said(a_publication()) == ["revision 3 serves after 0.04 s: the edge's own code or keys"]


def test_what_was_narrowed_by_hand_says_so() -> None:
    assert said(a_publication(RevisionKind.NARROW, USERS)) == [
        "revision 3 serves after 0.04 s: users, narrowed by hand"
    ]


@pytest.mark.parametrize(
    ("is_served", "meanwhile"),
    [(True, "its last good revision keeps serving"), (False, "nothing serves it")],
)
def test_what_has_mistakes_says_what_serves_meanwhile(is_served: bool, meanwhile: str) -> None:
    refused = Refused(part=USERS, diagnostics=(), openings=(), is_served=is_served)
    assert said(Unchanged(held=(), refused=(refused,))) == [
        f"not published: users has mistakes (above); {meanwhile}"
    ]


def test_what_is_held_says_what_would_open_and_the_way_out() -> None:
    assert said(held()) == [
        "held: users would open:",
        "  + service 0: users on the internal listener",
        '  to open it: forecourt open users --because "…"',
        "  until then the last revision keeps serving",
    ]


def test_the_way_out_names_the_estate_where_it_is_elsewhere() -> None:
    assert '  to open it: forecourt open users --estate acme --because "…"' in said(
        held(), Path("acme")
    )


def test_what_was_rolled_back_says_so() -> None:
    assert said(held(HeldBecause.ROLLED_BACK))[0] == (
        "held: users was rolled back, and its file still says the same"
    )


def test_many_openings_are_counted() -> None:
    lines = said(held(openings=15))
    assert len([line for line in lines if line.startswith("  + service")]) == 12
    assert "  + and 3 more" in lines


def test_nothing_is_said_to_have_changed_where_nothing_did() -> None:
    assert said(Unchanged(held=(), refused=())) == ["nothing changed for any caller"]


def test_what_leaves_no_more_is_told_with_how_often_it_was_seen() -> None:
    place = replace(a_place(), check="observe")
    seen = Leak(at=place, times=1234, since=NOW, last=NOW)
    outcome = replace(
        a_publication(RevisionKind.SAVE, USERS),
        tightened=(
            Tightened(api="users", leaks=(seen,) * 13),
            Tightened(api="quiet", leaks=()),
        ),
    )
    _, head, first, *_, more, quiet, nothing = said(outcome)
    assert head == "users: what its contract does not declare leaves no more"
    assert first == "  - GET /payments/{id}, 200: /margin; seen 1,234 times"
    assert more == "  - and 1 more: forecourt leaks users"
    assert quiet.startswith("quiet: ")
    assert nothing == "  of what was observed that is nothing"
