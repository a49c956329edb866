from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest

from forecourt.contract.plain import EXPECTED, Fit, fit, is_type
from forecourt.contract.shapes import METHODS, SHAPES, Kind, Plain
from forecourt.contract.values import Json

EXACT, CLEAR, UNCLEAR = Fit.EXACT, Fit.CLEAR, Fit.UNCLEAR


@pytest.mark.parametrize(
    ("value", "plain", "how"),
    [
        ("a", "text", EXACT),
        (5, "text", CLEAR),
        (True, "text", CLEAR),
        ([], "text", UNCLEAR),
        (True, "flag", EXACT),
        ("true", "flag", CLEAR),
        ("yes", "flag", UNCLEAR),
        (1, "flag", UNCLEAR),
        (5, "number", EXACT),
        (Decimal("1.5"), "number", EXACT),
        ("1.5", "number", CLEAR),
        ("1.5e", "number", UNCLEAR),
        (True, "number", UNCLEAR),
        ([1], "list", EXACT),
        ("a", "list", UNCLEAR),
        (["a"], "texts", EXACT),
        ([], "texts", EXACT),
        (["a", 1], "texts", CLEAR),
        (["a", 1, {}], "texts", UNCLEAR),
        (True, "texts", CLEAR),
        ("a", "texts", UNCLEAR),
    ],
)
def test_fits(value: Json, plain: Plain, how: Fit) -> None:
    assert fit(value, plain) is how


@pytest.mark.parametrize("plain", get_args(Plain))
def test_nothing_fits_everywhere(plain: Plain) -> None:
    assert fit(None, plain) is EXACT
    assert EXPECTED[plain]


@pytest.mark.parametrize("value", [None, "string", ["string", "null"], []])
def test_is_a_type(value: Json) -> None:
    assert is_type(value)


@pytest.mark.parametrize("value", ["text", "String", ["string", 5], 5, {}, [["string"]]])
def test_is_no_type(value: Json) -> None:
    assert not is_type(value)


def test_every_kind_has_a_shape() -> None:
    assert set(SHAPES) == set(get_args(Kind))
    assert set(METHODS) < set(SHAPES["path item"])
    forms = [f.form.kind for shape in SHAPES.values() for f in shape.values() if f.form is not None]
    assert set(forms) <= set(SHAPES)
