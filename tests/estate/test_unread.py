"""Nothing follows from a value that nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from forecourt.estate.unread import Unknown, Unread

PATH = "apis/payments/api.yaml"


@pytest.mark.parametrize(
    "ask",
    [
        lambda value: value == 5,
        lambda value: value != 5,
        bool,
        lambda value: not value,
        lambda value: value in {1, 2},
        lambda value: value in (1, 2),
        lambda value: {value: 1},
        list,
        len,
        lambda value: 1 in value,
        str,
        lambda value: f"{value}",
        lambda value: isinstance(value, str),
        lambda value: value(),
        lambda value: value.startswith("a"),
        lambda value: date(2024, 1, 1) < value,
        lambda value: sorted([value, value]),
        lambda value: value + 1,
        lambda value: "a" + value,
        lambda value: dict(**value),
    ],
)
def test_raises_when_it_is_asked(ask: Callable[[Any], object]) -> None:
    with pytest.raises(Unknown) as raised:
        ask(Unread(PATH))
    assert raised.value.path == PATH


def test_what_is_within_it_is_unread_too() -> None:
    value: Any = Unread(PATH)
    with pytest.raises(Unknown):
        bool(value.upstream["1"].url)


def test_it_is_something() -> None:
    assert Unread(PATH) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Holds:
    known: int
    other: Any


def test_what_holds_it_can_be_asked_for_the_rest() -> None:
    holds = replace(_Holds(known=1, other=Unread(PATH)), known=2)
    assert holds.known == 2
    with pytest.raises(Unknown):
        hash(holds)


def test_it_can_be_printed_by_who_looks_for_a_bug() -> None:
    assert repr(Unread(PATH)) == "Unread('apis/payments/api.yaml')"
