from __future__ import annotations

from forecourt.cli.change_page import TABLE_HEAD, change_page, table_row, verdict_by_audience
from forecourt.contract.comparison.catalogue import BY_ID, KINDS, SECTIONS
from tests.cli.command import forecourt
from tests.docs.pages import ROOT

_PAGE = ROOT / "docs" / "reference" / "changes.md"
_HEAD = """\
# Kinds of change

What [`forecourt diff`](../diff.md) finds, each kind with its verdict. `safe`: whoever keeps to
the old contract notices nothing; `risky`: some may; `breaking`: some fail. `forecourt explain KIND`
prints a row as a page. Where [oasdiff](oasdiff.md) has a check for it, another table says which.

<!-- Written from the kinds themselves: pytest tests/cli --update-golden -->
"""


def test_the_table_is_written_from_the_catalogue(update_golden: bool) -> None:
    page = _HEAD
    for section, kinds in SECTIONS.items():
        page += f"\n## {section}\n\n{TABLE_HEAD}\n"
        page += "".join(f"{table_row(kind)}\n" for kind in kinds)
    if update_golden:
        _PAGE.write_text(page)
    assert _PAGE.read_text() == page, "run pytest tests/cli --update-golden"


def test_a_verdict_that_differs_says_for_whom() -> None:
    assert verdict_by_audience(BY_ID["operation-removed"]) == "breaking"
    assert (
        verdict_by_audience(BY_ID["parameter-removed"])
        == "risky for internal, breaking for partner and public"
    )


def test_a_page_says_how_to_make_it_safe() -> None:
    result = forecourt("explain", "operation-removed-early")
    assert result.exit_code == 0
    assert result.stdout.startswith("operation-removed-early (a kind of change; breaking)\n")
    assert "How to make it safe\n  keep it until that day\n" in result.stdout


def test_every_kind_has_a_page() -> None:
    for kind in KINDS:
        assert kind.remedy in change_page(kind)
