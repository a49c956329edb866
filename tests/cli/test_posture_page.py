"""`docs/posture.md` says what the table says."""

from __future__ import annotations

from pathlib import Path

from forecourt.cli.posture_page import posture_page
from forecourt.estate.posture import DIMENSIONS

_PAGE = Path(__file__).parents[2] / "docs" / "posture.md"


def test_the_page_is_written_from_the_table(update_golden: bool) -> None:
    if update_golden:
        _PAGE.write_text(posture_page())
    assert _PAGE.read_text() == posture_page(), "run pytest tests/cli --update-golden"


def test_each_dimension_has_a_row_and_a_section_that_it_leads_to() -> None:
    page = posture_page()
    for dimension in DIMENSIONS:
        assert f"| [`{dimension.key}`](#{dimension.key}) |" in page
        assert f"\n### {dimension.key}\n" in page
