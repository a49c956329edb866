from __future__ import annotations

import pytest

from forecourt.estate.audience import Audience
from forecourt.estate.posture import DIMENSIONS
from forecourt.source.vocabulary.spelling import nearest

AUDIENCES = tuple(audience.value for audience in Audience)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("publc", "public"), ("Public", "public"), ("parner", "partner"), ("intrenal", "internal")],
)
def test_finds_the_word_that_was_meant(written: str, meant: str) -> None:
    assert nearest(written, AUDIENCES) == meant


@pytest.mark.parametrize("written", ["external", "private", "", "x", "p" * 10_000])
def test_does_not_guess(written: str) -> None:
    assert nearest(written, AUDIENCES) is None


def test_underscores_and_dashes_are_alike() -> None:
    keys = tuple(dimension.key for dimension in DIMENSIONS)
    assert nearest("Rate-Limit", keys) == "rate_limit"
    assert nearest("body limit", keys) == "body_limits"
