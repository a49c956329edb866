"""The first line of a finding."""

from __future__ import annotations

from forecourt.cli.formats.heading import heading
from tests.cli.formats.builders import a_finding


def test_names_place_severity_rule_and_message() -> None:
    assert heading(a_finding(2, 3)) == "a.yaml:2:3: error[FC013 unknown-key] `x` is wrong"


def test_is_painted_where_colours_are_wanted() -> None:
    painted = "\x1b[31m\x1b[1merror[FC013 unknown-key]\x1b[0m"
    assert painted in heading(a_finding(), has_colour=True)
