"""`docs/rules/` has the page of every code, written from the code itself."""

from __future__ import annotations

from pathlib import Path

from forecourt.cli.rule_markdown import index_page, parts, rule_markdown, sections
from forecourt.cli.rule_page import known_words, page_of, pages

_FOLDER = Path(__file__).parents[2] / "docs" / "rules"
_PAGES = tuple(pages())


def test_the_pages_are_written_from_the_code(update_golden: bool) -> None:
    expected = {f"{page.code}.md": rule_markdown(page) for page in _PAGES}
    expected["README.md"] = index_page(_PAGES)
    if update_golden:
        _FOLDER.mkdir(exist_ok=True)
        for stale in _FOLDER.iterdir():
            stale.unlink()
        for name, text in expected.items():
            (_FOLDER / name).write_text(text)
    there_are = {path.name: path.read_text() for path in _FOLDER.iterdir()}
    assert there_are == expected, "run pytest tests/cli --update-golden"


def test_every_word_that_is_suggested_has_its_page() -> None:
    for word in known_words():
        assert page_of(word), word


def test_every_page_has_the_same_sections() -> None:
    for page in _PAGES:
        *first, last = [title for title, _ in sections(page.text.partition("\n\n")[2])]
        assert first == ["Why it matters", "Bad", "Good"], page.code
        assert last in {"What to do", "When to waive"}, page.code


def test_bad_and_good_are_shown() -> None:
    """Where there is nothing good but to be rid of it, a sentence says so."""
    for page in _PAGES:
        shown = dict(sections(page.text.partition("\n\n")[2]))
        assert any(is_example for is_example, _ in parts(shown["Bad"])), page.code


def test_no_text_of_a_code_is_stale() -> None:
    src = Path(__file__).parents[2] / "src" / "forecourt"
    written = {p.stem for kind in ("source", "contract") for p in (src / kind / "pages").iterdir()}
    assert written <= {page.name for page in _PAGES}


def test_an_example_is_told_from_a_sentence() -> None:
    body = "# a.yaml\nname: a\n\nor, if it must:\n\n$ forecourt check\n\nallow: []\n\nThat is all."
    assert list(parts(body)) == [
        (True, "# a.yaml\nname: a"),
        (False, "or, if it must:"),
        (True, "$ forecourt check"),
        (True, "allow: []"),
        (False, "That is all."),
    ]
