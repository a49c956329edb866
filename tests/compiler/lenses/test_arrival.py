"""Which operations of the newer version a raised path may be taken for."""

from __future__ import annotations

import pytest

from forecourt.compiler.lenses.arrival import Arrivals
from forecourt.contract.lenses.program import Served


def arrivals(*templates: str) -> Arrivals:
    return Arrivals(tuple(Served(method="GET", template=each) for each in templates))


@pytest.mark.parametrize(
    "other",
    ["/things/search", "/{kind}/search", "/THINGS/{id}-{part}"],
    ids=["a word", "a word elsewhere", "read laxly"],
)
def test_an_operation_that_its_path_may_mean_is_a_rival(other: str) -> None:
    assert arrivals("/things/{id}", other).of("GET", "/things/{id}") is not None


@pytest.mark.parametrize("other", ["/things/{key}", "/things/{id}/parts", "/words/{id}"])
def test_what_its_path_cannot_mean_is_none(other: str) -> None:
    assert arrivals("/things/{id}", other).of("GET", "/things/{id}") is None


def test_a_path_without_parameters_means_itself() -> None:
    assert arrivals("/things/search", "/things/{id}").of("GET", "/things/search") is None
