"""Functions come in the place of the lenses of a body, and say where they cannot."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from forecourt.contract import Contract
from forecourt.contract.lenses.deriving import Derived, derived
from forecourt.contract.lenses.kinds.function import LENS
from forecourt.contract.lenses.program import FunctionPair
from forecourt.estate.changes import Function
from tests.contract.builders import a_contract
from tests.contract.lenses.builders import an_object, between, changes, the_lens, things, told

_TEXT = {"type": "string"}
_OLDER, _NEWER = things(an_object({"a": _TEXT})), things(an_object({"b": _TEXT}))
_PAIR = "{function: f.py, raise: up, lower: down, in: [putThing], because: x}"
_UP, _DOWN = _PAIR.replace("lower: down, ", ""), _PAIR.replace("raise: up, ", "")
_RENAME = "{rename: a, to: b, in: [Thing], because: x}"
_SOURCE = b"def up(body): ..."


def _with_source(*lenses: str) -> Derived:
    read = changes(*lenses)
    sourced = tuple(
        replace(lens, source=_SOURCE) if isinstance(lens, Function) else lens
        for lens in read.changes
    )
    return derived(replace(read, changes=sourced), _OLDER, _NEWER)


def test_functions_stand_in_the_place_of_the_programs_of_both_ways() -> None:
    lens = the_lens(_with_source(_PAIR, _RENAME))
    assert lens.functions == FunctionPair(raises=(_SOURCE, "up"), lowers=(_SOURCE, "down"))
    assert (lens.request, lens.answers) == (None, {})


def test_the_way_that_has_none_is_the_lenses() -> None:
    up = the_lens(_with_source(_UP, _RENAME))
    assert up.functions == FunctionPair(raises=(_SOURCE, "up"))
    assert up.request is None
    assert "200" in up.answers
    down = the_lens(_with_source(_DOWN, _RENAME))
    assert down.functions == FunctionPair(lowers=(_SOURCE, "down"))
    assert down.request is not None
    assert down.answers == {}


def test_each_way_may_have_a_change_of_its_own() -> None:
    lens = the_lens(_with_source(_UP, _DOWN))
    assert lens.functions == FunctionPair(raises=(_SOURCE, "up"), lowers=(_SOURCE, "down"))


def _a_thing(media_type: str = "application/json", **operation: Any) -> Contract:
    content = {"content": {media_type: {"schema": an_object({"a": _TEXT})}}}
    sound = {"operationId": "putThing", "requestBody": content}
    answers = {"200": {"description": "", **content}}
    return a_contract(paths={"/things": {"put": {**sound, "responses": answers, **operation}}})


@pytest.mark.parametrize(
    ("older", "newer", "lenses", "message"),
    [
        (_OLDER, _NEWER, [_PAIR.replace("putThing", "putThink")], "FC031 version `1` has no opera"),
        (_OLDER, _NEWER, [_PAIR, _UP], "FC032 the change of line 4 says what becomes"),
        (
            _OLDER,
            _NEWER,
            [_PAIR, "{operation: putThing, becomes: putThing, body: {wrap: b}, because: x}"],
            "FC032 the change of line 5 says what becomes",
        ),
        (
            _OLDER,
            _NEWER,
            [_PAIR, "{operation: putThing, becomes: putThing, answer: {wrap: b}, because: x}"],
            "FC032 the change of line 5 says what becomes",
        ),
        (
            _OLDER,
            _NEWER,
            [_PAIR, "{operation: putThing, because: x}"],
            "FC033 `PUT /things` is gone",
        ),
        (
            _a_thing(requestBody={"content": {"text/plain": {"schema": _TEXT}}}),
            _a_thing(),
            [_PAIR],
            "FC033 a request of `PUT /things` has no body of JSON",
        ),
        (
            _a_thing(),
            _a_thing(responses={"204": {"description": ""}}),
            [_PAIR],
            "FC033 a good answer of `PUT /things` has no body of JSON",
        ),
        (
            _a_thing(),
            _a_thing(
                responses={
                    "200": {
                        "description": "",
                        "content": {"application/json": {}, "text/csv": {}},
                    }
                }
            ),
            [_PAIR],
            "FC033 a good answer of `PUT /things` may be `text/csv`, which no function changes",
        ),
    ],
    ids=[
        "no such operation",
        "twice",
        "wrapped",
        "answer wrapped",
        "gone",
        "no JSON",
        "no answer",
        "more than JSON",
    ],
)
def test_what_functions_cannot_do_is_told(
    older: Contract, newer: Contract, lenses: list[str], message: str
) -> None:
    found = told(between(older, newer, *lenses))
    assert any(each.startswith(message) for each in found), found


def test_the_functions_of_the_page_do_what_it_shows() -> None:
    names: dict[str, Any] = {}
    code = LENS.page.partition("```python\n")[2].partition("```")[0]
    exec(code, names)  # what stands in this release
    (shown,) = LENS.shown
    below, above = (json.loads(text.partition("\n\n")[2]) for text in (shown.below, shown.above))
    assert names["raised"](below) == above
    assert names["lowered"](above) == below
    with pytest.raises(ValueError, match="first and a last part"):
        names["raised"]({"name": "Plato"})
