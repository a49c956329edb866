"""The edge's quick judgement of keys; `tests/actions/test_api_key.py` holds both sides together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from forecourt.actions.api_key import is_well_formed, new_key
from tests.actions.builders import chance
from tests.edge.luajit import Lua

API_KEY = Lua().module("api_key")


@given(st.text(max_size=20), st.booleans())
def test_takes_what_was_issued(seed: str, is_test: bool) -> None:
    assert API_KEY.is_well_formed(new_key(chance(seed), is_test=is_test))


@given(st.integers(0, 40), st.characters(max_codepoint=255))
def test_notices_one_wrong_character(place: int, character: str) -> None:
    key = new_key(chance(), is_test=False)
    changed = key[:place] + character + key[place + 1 :]
    assert API_KEY.is_well_formed(changed) is (changed == key)


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_judges_any_text_as_the_control_plane_does(text: str) -> None:
    assert API_KEY.is_well_formed(text) is is_well_formed(text)
