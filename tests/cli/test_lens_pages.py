"""`docs/lenses` is what the lenses say of themselves."""

from __future__ import annotations

from pathlib import Path

from forecourt.cli.lens_markdown import lens_pages
from forecourt.source.files.changes import LENSES

_FOLDER = Path(__file__).parents[2] / "docs" / "lenses"


def test_the_pages_are_those_of_today(update_golden: bool) -> None:
    expected = lens_pages()
    if update_golden:
        _FOLDER.mkdir(exist_ok=True)
        for stale in _FOLDER.glob("*.md"):
            stale.unlink()
        for name, text in expected.items():
            (_FOLDER / name).write_text(text)
    assert {path.name: path.read_text() for path in _FOLDER.glob("*.md")} == expected


def test_every_lens_has_a_page_with_all_of_its_keys() -> None:
    pages = lens_pages()
    assert set(pages) == {"README.md", *(f"{key}.md" for key in LENSES)}
    for key, record in LENSES.items():
        for field in record.fields:
            assert f"| `{field.key}` |" in pages[f"{key}.md"]
