"""Formats that are asserted: the texts on which validators agree."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecourt.compiler.bundle.formats import FORMATS, is_of
from tests.edge.lua.contract.engine import Engine, compiled, spelled

ENGINE = Engine()


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        (
            "date",
            ["2024-02-29", "0001-01-01", "2000-02-29"],
            ["2023-02-29", "1900-02-29", "2024-04-31", "2024-1-1", "2024-01-01Z"],
        ),
        (
            "date-time",
            ["2024-02-29T23:59:59Z", "1998-12-31t23:59:60.5z", "1998-12-31T15:59:60-08:00"],
            ["2024-02-29", "2024-02-29 00:00:00Z", "2024-01-01T22:59:60Z", "2024-01-01T24:00:00Z"],
        ),
        ("time", ["08:30:06+00:20", "01:29:60+01:30"], ["08:30:06", "23:59:60+01:00"]),
        ("uuid", ["2eb8aa08-aa98-11ea-b4aa-73b441d16380"], ["2eb8aa08aa9811eab4aa73b441d16380"]),
        ("ipv4", ["255.0.0.1"], ["256.0.0.1", "01.0.0.1", "1.2.3", "1.2.3.4/8"]),
        (
            "ipv6",
            ["::", "::1", "1::", "2001:db8::1:2", "::ffff:192.0.2.1", "1:2:3:4:5:6:7:8", "1:2::8"],
            ["1:2:3:4:5:6:7", "::1::", ":1", "1:2:3:4:5:6:7:8:9", "::ffff:256.0.0.1", "fe80::1%e0"],
        ),
    ],
)
def test_asserts(name: str, good: list[str], bad: list[str]) -> None:
    loaded = ENGINE.load(compiled({"format": name}))
    assert [text for text in good if not ENGINE.judge(loaded, spelled(text))] == []
    assert [text for text in bad if ENGINE.judge(loaded, spelled(text))] == []
    assert [text for text in (*good, *bad) if is_of(text, name)] == good


def near(name: str) -> st.SearchStrategy[str]:
    """Texts of a format, and what they become by a slip."""
    pattern = FORMATS[name].pattern.removesuffix("$") + r"\Z"
    made = st.from_regex(pattern, alphabet=st.characters(codec="ascii"))
    seconds = made.map(lambda text: re.sub(r":[0-5][0-9](?=[.Zz+-])", ":60", text))
    slip = st.tuples(made, st.integers(0, 40), st.sampled_from("019:.-+Zzf "))
    slipped = slip.map(lambda s: s[0][: s[1]] + s[2] + s[0][s[1] + 1 :])
    return made | seconds | slipped | made.map(lambda text: text + "\n")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_is_judged_alike_at_the_edge_and_behind_it(name: str) -> None:
    loaded = ENGINE.load(compiled({"format": name}))

    @settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
    @given(near(name))
    def agree(text: str) -> None:
        assert ENGINE.judge(loaded, spelled(text)) == is_of(text, name)

    agree()


@pytest.mark.parametrize("name", ["email", "uri", "hostname", "int64", "made-up"])
def test_says_nothing_of_other_formats(name: str) -> None:
    bundle = compiled({"format": name})
    assert bundle.roots[0].inexact == ()
    assert ENGINE.judge(ENGINE.load(bundle), '"what ever"') is True


def test_asserts_none_where_none_are_asked_for() -> None:
    loaded = ENGINE.load(compiled({"format": "date"}, formats=frozenset()))
    assert ENGINE.judge(loaded, '"soon"') is True
