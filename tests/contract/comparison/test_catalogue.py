from __future__ import annotations

import re
from typing import Any

import pytest

from forecourt.contract.comparison.catalogue import BY_ID, KINDS, SECTIONS
from forecourt.contract.comparison.verdict import Verdict
from forecourt.contract.one_sided import Direction
from tests.contract.comparison.documents import changes, kinds
from tests.contract.comparison.examples import examples

EXAMPLES = list(examples())
EACH = pytest.mark.parametrize(
    ("kind", "old", "new"), EXAMPLES, ids=[kind for kind, _, _ in EXAMPLES]
)


def test_has_every_kind_once() -> None:
    assert len(BY_ID) == len(KINDS) == sum(map(len, SECTIONS.values()))


def test_shows_every_kind_in_two_documents() -> None:
    assert {kind for kind, _, _ in EXAMPLES} == BY_ID.keys()


@EACH
def test_finds_what_two_documents_show(kind: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    assert kind in kinds(old, new)


@EACH
def test_finds_the_reverse_on_the_way_back(
    kind: str, old: dict[str, Any], new: dict[str, Any]
) -> None:
    assert BY_ID[kind].reverse in kinds(new, old)


@EACH
def test_finds_nothing_between_a_document_and_itself(
    kind: str, old: dict[str, Any], new: dict[str, Any]
) -> None:
    assert not kinds(old, old)
    assert not kinds(new, new)


@EACH
def test_leads_to_both_documents(kind: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    for change in changes(old, new):
        assert change.old
        assert change.new
        assert change.verdicts


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_says_of_a_kind_what_it_is(kind: Any) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+|deprecated|reactivated", kind.id)
    assert kind.reverse in BY_ID
    for text in (kind.summary, kind.because, kind.remedy):
        assert text
        assert not text.endswith(".")
    assert (kind.remedy == "nothing to do") is (
        kind.verdict is Verdict.SAFE and kind.id != "audience-widened"
    )
    if kind.id.startswith(("request-", "response-")):
        way = Direction.REQUEST if kind.id.startswith("request-") else Direction.RESPONSE
        assert kind.direction is way
