"""The order of audiences, and who sees what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.estate.audience import Audience, narrower, sees, wider

_INTERNAL, _PARTNER, _PUBLIC = Audience.INTERNAL, Audience.PARTNER, Audience.PUBLIC
_audiences = st.sampled_from(Audience)


def test_internal_is_narrower_than_partner_and_partner_than_public() -> None:
    assert _INTERNAL < _PARTNER < _PUBLIC
    assert [a.width for a in (_INTERNAL, _PARTNER, _PUBLIC)] == [0, 1, 2]


def test_all_but_internal_are_external() -> None:
    assert [a.is_external for a in Audience] == [False, True, True]


@pytest.mark.parametrize(
    ("caller", "seen"),
    [
        (_INTERNAL, {_INTERNAL, _PARTNER, _PUBLIC}),
        (_PARTNER, {_PARTNER, _PUBLIC}),
        (_PUBLIC, {_PUBLIC}),
    ],
    ids=["a service sees all", "a partner no internal API", "a stranger only what is public"],
)
def test_who_sees_what(caller: Audience, seen: set[Audience]) -> None:
    assert {a for a in Audience if sees(caller, a)} == seen


@given(_audiences, _audiences, _audiences)
def test_a_wider_caller_never_sees_more(a: Audience, b: Audience, element: Audience) -> None:
    if sees(wider(a, b), element):
        assert sees(a, element)
        assert sees(b, element)


@given(_audiences, _audiences)
def test_of_two_audiences_one_is_the_wider_and_the_other_the_narrower(
    a: Audience, b: Audience
) -> None:
    assert {wider(a, b), narrower(a, b)} == {a, b}
    assert narrower(a, b) <= wider(a, b)


def test_an_audience_does_not_compare_to_a_word() -> None:
    with pytest.raises(TypeError):
        assert _PUBLIC < "public"  # type: ignore[operator]
