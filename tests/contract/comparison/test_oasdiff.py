"""Agreement with oasdiff: every check of it has kinds of ours or a reason, and its own cases.

The page `docs/reference/oasdiff.md` is written from here.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from forecourt.contract.comparison import Change, Verdict, compare
from forecourt.contract.comparison.catalogue import BY_ID
from tests.contract.comparison.documents import contract
from tests.contract.comparison.oasdiff import (
    DIFFERENT,
    MISSED,
    difference_for,
    kinds_for,
    reason_for,
)
from tests.documents import beside

_PAGE = Path(__file__).parents[3] / "docs" / "reference" / "oasdiff.md"
_TODAY = date(2024, 1, 1)
_LEVELS = {
    "ERR": Verdict.BREAKING,
    "WARN": Verdict.RISKY,
    "INFO": Verdict.SAFE,
    "NONE": Verdict.SAFE,
}


@dataclass(slots=True)
class Agreement:
    """Of each check: how often it is expected, found, and found with the same verdict."""

    expected: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)
    ours: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)


def checks() -> list[dict[str, str]]:
    path = beside("derived/oasdiff-checks") / "checks-v1.28-head.json"
    listed: list[dict[str, str]] = json.loads(path.read_text())
    return sorted(listed, key=lambda check: check["id"])


def cases() -> Iterator[dict[str, Any]]:
    path = beside("derived/oasdiff-cases") / "cases-shared.jsonl"
    yield from map(json.loads, path.read_text().splitlines())


@cache
def agreement() -> Agreement:
    agreed = Agreement()
    for case in cases():
        old, new = contract(case["base"]), contract(case["revision"])
        found = compare(old, new, today=_TODAY, has_servers=False).changes
        agreed.ours.update(change.kind.id for change in found)
        met: set[int] = set()
        for expected in case["expect"]:
            check = expected["id"]
            agreed.expected[check] += 1
            mine = [c for c in found if c.kind.id in kinds_for(check) and _is_of(c, expected)]
            met.update(map(id, mine))
            agreed.found[check] += bool(mine)
            level = _LEVELS[expected["level"]]
            agreed.same[check] += any(change.verdict is level for change in mine)
        agreed.extra.update(change.kind.id for change in found if id(change) not in met)
    return agreed


def _is_of(change: Change, expected: dict[str, Any]) -> bool:
    if "path" not in expected:
        return True
    name = _unnamed(f"{expected['operation']} {expected['path']}")
    return name in map(_unnamed, change.operations)


def _unnamed(operation: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", operation)


def test_every_check_has_kinds_or_a_reason() -> None:
    for check in checks():
        assert kinds_for(check["id"]) or reason_for(check["id"]), check


def test_every_check_of_an_older_release_has_them_too() -> None:
    path = beside("derived/oasdiff-checks") / "checks-v1.11.10.json"
    for check in json.loads(path.read_text()):
        assert kinds_for(check["id"]) or reason_for(check["id"]), check


def test_what_is_judged_otherwise_has_a_reason() -> None:
    for check in checks():
        if _differs(check) or agreement().same[check["id"]] < agreement().found[check["id"]]:
            assert difference_for(check["id"]), check


def test_what_is_not_found_has_a_reason() -> None:
    agreed = agreement()
    missed = {
        check
        for check, times in agreed.expected.items()
        if agreed.found[check] < times and kinds_for(check)
    }
    assert missed == MISSED.keys()


def test_no_reason_is_stale() -> None:
    ids = [check["id"] for check in checks()]
    for pattern, _ in DIFFERENT:
        assert any(re.fullmatch(pattern, check) for check in ids), pattern


def _differs(check: dict[str, str]) -> bool:
    kinds = kinds_for(check["id"])
    return bool(kinds) and _LEVELS[check["level"]] not in {BY_ID[k].verdict for k in kinds}


def test_the_page_is_written_from_the_cases(update_golden: bool) -> None:
    page = "\n".join(_page()) + "\n"
    if update_golden:
        _PAGE.write_text(page)
    assert _PAGE.read_text() == page, "run pytest tests/contract/comparison --update-golden"


# --- the page -------------------------------------------------------------------------------------

_HEAD = """\
# What oasdiff checks

[oasdiff](https://github.com/oasdiff/oasdiff) compares OpenAPI documents as well. Each of its
{checks} checks has one or more of [our kinds of change](changes.md), or there is a reason why not.
Its levels `ERR`, `WARN` and `INFO` are our breaking, risky and safe. A verdict is that for public
callers.

Its own tests have {cases} pairs of documents with all that is expected of them, which we compare:

- of {expected} findings, {with_kinds} have kinds of ours;
- {found} of those are found ({found_share}%), {same} of them with the same verdict ({same_share}%).

The first table says why of the others. {extra} of our {ours} changes are of no finding of theirs:
the second table. Servers are not compared here.

<!-- Written from the cases themselves: pytest tests/contract/comparison --update-golden -->"""


def _page() -> Iterator[str]:
    agreed = agreement()
    every = checks()
    with_kinds = {check: n for check, n in agreed.expected.items() if kinds_for(check)}
    expected, found = sum(with_kinds.values()), agreed.found.total()
    yield _HEAD.format(
        checks=len(every),
        cases=sum(1 for _ in cases()),
        expected=agreed.expected.total(),
        with_kinds=expected,
        found=found,
        found_share=round(100 * found / expected),
        same=agreed.same.total(),
        same_share=round(100 * agreed.same.total() / found),
        extra=agreed.extra.total(),
        ours=agreed.ours.total(),
    )
    yield "\n## Agreement on its cases\n"
    yield "| its check | expected | found | same verdict | why not |"
    yield "| --- | ---: | ---: | ---: | --- |"
    for check, times in sorted(with_kinds.items()):
        counts = (times, agreed.found[check], agreed.same[check])
        yield f"| `{check}` | {' | '.join(map(str, counts))} | {_why_not(check, *counts)} |"
    yield "\n## Changes that are of no finding\n"
    yield "| our kind | times |"
    yield "| --- | ---: |"
    for kind, times in sorted(agreed.extra.items()):
        yield f"| `{kind}` | {times} |"
    yield "\n## Each check, and what stands for it\n"
    yield "| its check | its level | our kinds | our verdict | why |"
    yield "| --- | --- | --- | --- | --- |"
    for check in every:
        kinds = kinds_for(check["id"])
        names = ", ".join(f"`{kind}`" for kind in kinds)
        verdicts = ", ".join(sorted({BY_ID[kind].verdict.value for kind in kinds}))
        why = reason_for(check["id"]) or (difference_for(check["id"]) if _differs(check) else "")
        yield f"| `{check['id']}` | {check['level']} | {names} | {verdicts} | {why} |"


def _why_not(check: str, expected: int, found: int, same: int) -> str:
    reasons = []
    if found < expected:
        reasons.append(MISSED[check])
    if same < found:
        reasons.append(difference_for(check) or "")
    return "; ".join(reasons)
