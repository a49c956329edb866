"""What a mark hid and no longer hides is an opening for those who could call before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from forecourt.compiler.ir.apis import Api, ContractRef
from forecourt.compiler.shown import ShowsEverything, newly_shown
from forecourt.contract.reached import Reached
from forecourt.estate.api import Status
from forecourt.estate.audience import Audience
from tests.compiler.builders import lowered_api
from tests.governance.builders import a_version

COST, RISK = (f"/components/schemas/Thing/properties/{n}" for n in ("cost", "risk"))
PUBLIC, PARTNER = Audience.PUBLIC, Audience.PARTNER


def hiding(
    public: tuple[str, ...] = (),
    partner: tuple[str, ...] = (),
    *,
    reached: Reached = (),
    **api: Any,
) -> Api:
    """An API that holds these back from its callers; `reached` from both."""
    lowered = lowered_api(**{"versions": (a_version("1"),)} | api)
    contracts = tuple(
        ContractRef(audience=audience, way_in="", way_out="", hidden=hidden, reached=reached)
        for audience, hidden in ((PUBLIC, public), (PARTNER, partner))
    )
    return replace(
        lowered, versions=tuple(replace(v, contracts=contracts) for v in lowered.versions)
    )


def opened(before: Api, after: Api) -> list[str]:
    return sorted(map(str, newly_shown(before, after, ShowsEverything())))


TOLD = (
    "public callers: the property `cost` of `Thing` in payments version 1 on the external listener"
)


def test_what_is_no_longer_hidden_is_told_of_each_audience() -> None:
    before = hiding(public=(COST, RISK), partner=(COST,))
    assert opened(before, hiding(public=(RISK,))) == [TOLD.replace("public", "partner", 1), TOLD]
    assert opened(before, before) == []


def test_what_is_hidden_anew_opens_nothing() -> None:
    assert opened(hiding(public=(COST,)), hiding(public=(COST, RISK), partner=(RISK,))) == []


def test_what_is_gone_opens_nothing() -> None:
    asked: list[Any] = []

    class Gone(ShowsEverything):
        def thing(self, *question: Any) -> bool:
            asked.append(question)
            return False

    assert newly_shown(hiding(public=(COST,)), hiding(), Gone()) == frozenset()
    assert asked == [("payments", "1", PUBLIC, COST)]


# `cost` in the answer of one operation.
PLACE: Reached = ((("GET /things", 0, 1),), (("out", 0, 2),), (("cost", 1, -1),))


def test_what_is_shown_where_it_was_hidden_is_told_though_no_mark_went() -> None:
    before, after = hiding(public=(COST,), reached=PLACE), hiding(public=(COST,))
    (told,) = {line.partition(": ")[2] for line in opened(before, after)}
    assert told.startswith("the property `cost` of `GET /things` in payments version 1")
    assert opened(before, before) == []
    assert opened(after, before) == []


def test_what_a_mark_and_a_place_show_is_told_once() -> None:
    assert opened(hiding(public=(COST,), reached=PLACE), hiding(reached=PLACE)) == [TOLD]
    assert TOLD in opened(hiding(public=(COST,), reached=PLACE), hiding())


def test_what_is_no_longer_held_to_the_contract_shows_all_that_was_hidden() -> None:
    before = hiding(public=(COST,))
    assert opened(before, watched(before)) == [TOLD]
    assert opened(watched(before), before) == []


def watched(api: Api) -> Api:
    """The same with answers that are only looked at."""
    return replace(api, callers=tuple(replace(c, response_check="observe") for c in api.callers))


@pytest.mark.parametrize(
    "before",
    [
        hiding(public=(COST,), versions=(a_version("2"),)),
        hiding(public=(COST,), versions=(a_version("1", status=Status.DRAFT),)),
        hiding(public=(COST,), audience="partner"),
    ],
    ids=["a new version", "one that was a draft", "a new audience"],
)
def test_what_is_new_is_told_as_such(before: Api) -> None:
    """`reach` tells of the version or the audience, with all that it sees."""
    assert opened(before, hiding()) == []


def test_an_api_that_is_kept_inside_shows_nothing_outside() -> None:
    after = hiding(posture={"listener": "internal"})
    assert opened(hiding(public=(COST,)), after) == []
