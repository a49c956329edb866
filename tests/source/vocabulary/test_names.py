from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.source.vocabulary.names import (
    NAME,
    PERCENTILE,
    SHA256,
    VERSION_NAME,
    as_name,
    is_name,
)
from tests.source.builders import read


@pytest.mark.parametrize("text", ["a", "payments", "a-1", "a" * 63, "a--b", "a-"])
def test_a_name_is_small_letters_digits_and_dashes(text: str) -> None:
    assert read(NAME, text) == (text, [])


@pytest.mark.parametrize("text", ["A", "1a", "-a", "a_b", "a.b", "a/b", "ä", "a" * 64, '"a\\n"'])
def test_refuses_what_is_no_name(text: str) -> None:
    value, told = read(NAME, text)
    assert value is None
    assert len(told) == 1


@given(text=st.text(max_size=80))
def test_the_name_that_is_offered_is_one(text: str) -> None:
    offered = as_name(text)
    assert offered is None or is_name(offered)


@pytest.mark.parametrize("text", ["1", '"2"', "2024-01-15", "1.10", "v2", "2024-01-15.beta_1"])
def test_a_version_may_look_like_a_number_or_a_date(text: str) -> None:
    assert read(VERSION_NAME, text) == (text.strip('"'), [])


@pytest.mark.parametrize("text", ["v/2", '""', "-1", "1.", '"1 "', "ä", "..", "1" * 33])
def test_refuses_a_version_that_cannot_stand_in_a_path(text: str) -> None:
    assert read(VERSION_NAME, text)[0] is None


@pytest.mark.parametrize("text", ["p50", "p5", "p99", "p99.9", "p99.99", "p100"])
def test_a_percentile_is_at_most_a_hundred(text: str) -> None:
    assert read(PERCENTILE, text) == (text, [])


@pytest.mark.parametrize("text", ["p0", "50", "p101", "p50.5", "P50", "p"])
def test_refuses_what_is_no_percentile(text: str) -> None:
    assert read(PERCENTILE, text)[0] is None


def test_a_fingerprint_is_read_with_colons_and_capitals() -> None:
    written = ":".join(["AB"] * 32)
    assert read(SHA256, f'"{written}"') == ("ab" * 32, [])
    assert read(SHA256, '"abcd"')[0] is None
