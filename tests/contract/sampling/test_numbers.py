from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from forecourt.contract.sampling.choices import Choices
from forecourt.contract.sampling.numbers import NumberDemands, numbers


def first(choices: Choices | None = None, **demands: Any) -> int | Decimal | None:
    return next(numbers(NumberDemands(**demands), choices or Choices()), None)


@pytest.mark.parametrize(
    ("demands", "expected"),
    [
        ({}, 0),
        ({"is_integer": True}, 0),
        ({"least": 3}, 3),
        ({"most": -3}, -3),
        ({"above": 3, "is_integer": True}, 4),
        ({"below": -3, "is_integer": True}, -4),
        ({"least": Decimal("3.5"), "is_integer": True}, 4),
        ({"above": 0, "below": 1}, Decimal("0.5")),
        ({"least": 7, "steps": (5,)}, 10),
        ({"least": 1, "steps": (4, 6)}, 12),
        ({"least": Decimal("0.005"), "steps": (Decimal("0.01"),)}, Decimal("0.01")),
        ({"least": 2, "most": 1}, None),
        ({"above": 1, "below": 2, "is_integer": True}, None),
        ({"above": 1, "most": 1}, None),
        ({"least": 10**30, "most": 10**30}, 10**30),
        ({"least": Decimal("1E+999999")}, None),
        ({"least": Decimal("1E-999999")}, None),
    ],
    ids=str,
)
def test_takes_the_plainest(demands: Any, expected: object) -> None:
    assert first(**demands) == expected


@pytest.mark.parametrize(
    "demands",
    [
        {"is_integer": True, "least": -3, "most": 3},
        {"is_integer": True, "most": -3},
        {"is_integer": True, "most": 3},
        {"is_integer": True, "least": 3},
        {"steps": (Decimal("0.5"),), "least": 0, "most": 10},
        {"above": 0, "below": 1},
        {},
    ],
    ids=str,
)
def test_turns_give_numbers_that_differ(demands: Any) -> None:
    assert len({first(Choices(turn=turn), **demands) for turn in range(7)}) == 7


BOUNDS = st.none() | st.integers(-50, 50) | st.decimals(-50, 50, places=2)
STEPS = st.lists(st.sampled_from([1, 2, 3, 7, Decimal("0.5"), Decimal("0.25")]), max_size=2)


@given(BOUNDS, BOUNDS, BOUNDS, BOUNDS, STEPS, st.booleans(), st.sampled_from([None, "a", "b"]))
def test_every_number_is_all_that_is_demanded(
    least: Any, most: Any, above: Any, below: Any, steps: list[Any], whole: bool, seed: str | None
) -> None:
    demands = NumberDemands(
        is_integer=whole, least=least, most=most, above=above, below=below, steps=tuple(steps)
    )
    bounds = {
        "minimum": least,
        "maximum": most,
        "exclusiveMinimum": above,
        "exclusiveMaximum": below,
    }
    schema = {
        "type": "integer" if whole else "number",
        **{k: v for k, v in bounds.items() if v is not None},
        "allOf": [{"multipleOf": step} for step in steps] or [True],
    }
    validator = Draft202012Validator(schema)
    for number in numbers(demands, Choices(seed=seed)):
        assert validator.is_valid(number)
