"""What a code stands for, as a page to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from inspect import cleandoc

from forecourt.cli.change_page import change_page
from forecourt.contract.codes import CODES as CONTRACT_CODES
from forecourt.contract.comparison.catalogue import BY_ID
from forecourt.governance import RULES, Rule
from forecourt.source.codes import CODES as SOURCE_CODES
from forecourt.source.codes import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page of a code. `matters` says how much, `standing` also whether a waiver helps.

    `text` begins with a sentence; then come sections, whose titles alone are not indented.
    """

    code: str
    name: str
    summary: str
    matters: str
    waivable: bool
    standing: str
    text: str


def pages() -> Iterator[Page]:
    """The page of every code, in their order."""
    for code in SOURCE_CODES:
        yield _of_code(code, "forecourt.source")
    for code in CONTRACT_CODES:
        yield _of_code(code, "forecourt.contract")
    yield from map(_of_rule, RULES)


def page_of(word: str) -> str | None:
    """The page of the code with that name or number (in any case), or of that kind of change."""
    wanted = word.upper() if word[:2].upper() == "FC" else word
    if (kind := BY_ID.get(word)) is not None:
        return change_page(kind)
    page = next((p for p in pages() if wanted in (p.code, p.name)), None)
    return f"{page.code} {page.name} ({page.standing})\n\n{page.text}" if page is not None else None


def known_words() -> Iterator[str]:
    """Every name, code and kind of change that has a page."""
    for rule in RULES:
        yield from (rule.name, rule.code)
    for code in (*SOURCE_CODES, *CONTRACT_CODES):
        yield from (code.name, code.code)
    yield from BY_ID


def _of_rule(rule: Rule) -> Page:
    waivable = "can be waived" if rule.waivable else "cannot be waived"
    return Page(
        code=rule.code,
        name=rule.name,
        summary=rule.summary,
        matters=rule.severity.value,
        waivable=rule.waivable,
        standing=f"{rule.severity.value}, {waivable}, since {rule.since}",
        text=cleandoc(rule.explanation),
    )


def _of_code(code: Code, package: str) -> Page:
    """The text stands beside the code, in `pages/NAME.txt`."""
    text = (files(package) / "pages" / f"{code.name}.txt").read_text(encoding="utf-8")
    sentence = f"{code.summary[0].upper()}{code.summary[1:]}."
    return Page(
        code=code.code,
        name=code.name,
        summary=code.summary,
        matters=code.matters,
        waivable=False,
        standing=f"{code.matters}, cannot be waived",
        text=f"{sentence}\n\n{text.rstrip()}",
    )
