"""Consecutive versions of documents that others publish, and what they say of them.

The page `docs/reference/histories.md` is written from here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from forecourt.contract.comparison import Change, Verdict, compare
from forecourt.contract.reading import Located, read_located
from tests.contract.comparison.histories import STEPS, Statement, Step
from tests.documents import DATA, beside

_PAGE = Path(__file__).parents[3] / "docs" / "reference" / "histories.md"
_LARGE = "stripe"


def _read(path: str) -> Located:
    located, diagnostics = read_located(beside(path).read_text(encoding="utf-8"), path, _other)
    assert located is not None, diagnostics
    return located


def _other(path: str) -> str | None:
    file = DATA / path
    return file.read_text(encoding="utf-8") if file.is_file() else None


@cache
def changes(step: Step) -> tuple[Change, ...]:
    old, new = _read(step.old), _read(step.new)
    found = compare(old.contract, new.contract, today=date(2026, 1, 15)).changes
    for change in found:
        assert old.places.key(change.old).path == step.old
        assert new.places.key(change.new).path == step.new
    return found


def _slow(step: Step) -> tuple[pytest.MarkDecorator, ...]:
    return (pytest.mark.slow,) if step.old.startswith(_LARGE) else ()


@pytest.mark.parametrize("step", [pytest.param(s, id=s.new, marks=_slow(s)) for s in STEPS])
def test_compares_what_came_after_what(step: Step) -> None:
    assert changes(step)


@pytest.mark.parametrize("step", [pytest.param(s, id=s.new, marks=_slow(s)) for s in STEPS])
def test_finds_what_the_vendor_says(step: Step) -> None:
    for statement in step.statements:
        assert bool(_finding(step, statement)) is not bool(statement.missed), statement.said


@pytest.mark.slow
def test_the_page_is_written_from_the_documents(update_golden: bool) -> None:
    page = "\n".join(_page()) + "\n"
    if update_golden:
        _PAGE.write_text(page)
    assert _PAGE.read_text() == page, "run pytest tests/contract/comparison --update-golden"


def _finding(step: Step, statement: Statement) -> list[Change]:
    return [
        change
        for change in changes(step)
        if change.kind.id in statement.kinds and statement.about in _text(change)
    ]


def _text(change: Change) -> str:
    return f"{' '.join(change.operations)} {change.where}: {change.message}"


_HEAD = """\
# What vendors say changed

Documents with a history and a changelog, compared version by version. A sentence is *found* where a
change says the same; *beyond* are breaking changes that no sentence speaks of.

<!-- Written from the documents themselves: pytest tests/contract/comparison --update-golden -->"""


def _page() -> Iterator[str]:
    yield _HEAD
    told = [step for step in STEPS if step.statements]
    yield "\n## In numbers\n"
    yield "| from | to | said | found | missed | breaking | beyond | why beyond |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |"
    for step in told:
        missed = sum(bool(s.missed) for s in step.statements)
        breaking = sum(change.is_breaking for change in changes(step))
        beyond = _beyond(step).total()
        said = len(step.statements)
        yield (
            f"| `{step.old}` | `{step.new}` | {said} | {said - missed} | {missed} | {breaking} "
            f"| {beyond} | {step.beyond if beyond else ''} |"
        )
    yield "\n## Sentence by sentence\n"
    yield "| to | the changelog says | found as | verdict | why not |"
    yield "| --- | --- | --- | --- | --- |"
    for step in told:
        for statement in step.statements:
            found = _finding(step, statement)
            kinds = ", ".join(f"`{kind}`" for kind in sorted({c.kind.id for c in found}))
            worst = max((c.verdict for c in found), default=None)
            verdict = worst.value if isinstance(worst, Verdict) else ""
            yield f"| `{step.new}` | {statement.said} | {kinds} | {verdict} | {statement.missed} |"
    yield "\n## Beyond\n"
    yield "| to | breaking changes of a kind | times |"
    yield "| --- | --- | ---: |"
    for step in told:
        for kind, times in sorted(_beyond(step).items()):
            yield f"| `{step.new}` | `{kind}` | {times} |"
    yield "\n## Without a changelog\n"
    yield "| from | to | breaking | risky | safe |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for step in STEPS:
        if not step.statements:
            counts = Counter(change.verdict for change in changes(step))
            numbers = " | ".join(str(counts[v]) for v in sorted(Verdict, reverse=True))
            yield f"| `{step.old}` | `{step.new}` | {numbers} |"


def _beyond(step: Step) -> Counter[str]:
    """Breaking changes of which no sentence speaks, by kind."""
    told = {id(c) for s in step.statements for c in _finding(step, s)}
    return Counter(c.kind.id for c in changes(step) if c.is_breaking and id(c) not in told)


_SMALL = 60_000  # bytes: a document that is read in no time


@pytest.mark.parametrize("folder", ["oai", "oasdiff", "readme-oas-examples", "vacuum-specs"])
def test_finds_nothing_between_a_document_and_itself(folder: str) -> None:
    before: Located | None = None
    for file in sorted(beside(folder).rglob("*")):
        if file.suffix not in {".json", ".yaml", ".yml"} or file.stat().st_size > _SMALL:
            continue
        path = file.relative_to(DATA).as_posix()
        located, _ = read_located(file.read_text(encoding="utf-8"), path, _other)
        if located is None:
            continue
        for old in (located, before or located):  # whatever came before: it is compared, too
            found = compare(old.contract, located.contract, today=date(2026, 1, 15)).changes
            assert old is not located or not found, path
        before = located
