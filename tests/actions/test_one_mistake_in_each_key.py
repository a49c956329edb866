"""Whatever key has a mistake: nothing follows from it, and hardly anything else is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from forecourt.actions.check_estate import Examined, examine
from forecourt.actions.contract_memory import Judged
from forecourt.actions.derive_changes import KnownChanges
from forecourt.actions.read_contracts import Reading
from forecourt.diagnostics import Diagnostic
from forecourt.source.estate import EstateReader

_ACME = Path(__file__).parents[2] / "examples" / "acme"
_DAY = date(2026, 1, 1)

# One mistake of each kind that a rule finds, in the example.
_MISTAKES = (
    ("partners/acme-corp.yaml", "bulk-operations, custom", "bulk-operation, custom"),
    ("partners/acme-corp.yaml", '["1", "2"]', '["1", "9"]'),
    ("partners/acme-corp.yaml", "sla_tier: enterprise", "sla_tier: enterprize"),
    ("partners/acme-corp.yaml", '  payments: {"1"', '  paymentz: {"1"'),
    ("apis/users/api.yaml", "[orders, billing]", "[orders, biling]"),
    ("apis/users/api.yaml", "contract: openapi.yaml", "contract: opnapi.yaml"),
    ("apis/payments/api.yaml", "[standard, ", "[standrd, "),
    ("apis/payments/api.yaml", "256 KB", "2560 KB"),
    ("forecourt.yaml", "public: 12 months", "public: 6 months"),
)
_FILES = sorted({path for path, _, _ in _MISTAKES} | {"services.yaml", "sla.yaml", "plans.yaml"})

# What a reader says begins with FC0, what follows from values does not.
_READERS = "FC0"


class _Memory:
    """Each contract is read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Judged] = {}

    def recall(self, path: str, digest: str) -> Judged | None:
        return self._known.get((path, digest))

    def remember(self, path: str, digest: str, judged: Judged) -> None:
        self._known[path, digest] = judged


def _estate() -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {
        path.relative_to(_ACME).as_posix(): path.read_text()
        for path in _ACME.rglob("*.yaml")
        if ".forecourt" not in path.parts
    }
    for path, right, wrong in _MISTAKES:
        text = str(files[path])
        assert right in text, (path, right)
        files[path] = text.replace(right, wrong)
    # As they are written below, so that places are the same.
    return {path: _written(_read(text)) if path in _FILES else text for path, text in files.items()}


class _Loader(yaml.SafeLoader):
    """Leaves dates as they are written."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _read(text: str | bytes) -> Any:
    return yaml.load(text, _Loader)


def _written(value: Any) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True)


def _broken(value: Any) -> Iterator[Any]:
    """The value with one key spelt wrong, or with a value of another type at it; each in turn."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        inner = value[key]
        other = deepcopy(value)
        other[key] = {"odd": 1} if not isinstance(inner, dict) else [[1]]
        yield other
        if isinstance(value, dict):
            yield {(f"{k}z" if k == key else k): v for k, v in value.items()}
        if isinstance(inner, dict | list):
            for broken in _broken(inner):
                other = deepcopy(value)
                other[key] = broken
                yield other


def _said(
    files: dict[str, str | bytes], memory: _Memory, changes: Mapping[str, KnownChanges]
) -> tuple[Diagnostic, ...]:
    return _examined(files, memory, changes).diagnostics


def _examined(
    files: dict[str, str | bytes], memory: _Memory, changes: Mapping[str, KnownChanges]
) -> Examined:
    """All files are read anew; what was known of changes is looked at again where it must be."""
    reading, nothing = Reading(memory=memory), examine({}, None, _DAY)
    before = replace(nothing, reader=EstateReader(), read={}, changes=changes)
    return examine(files, None, _DAY, variables=frozenset(), reading=reading, before=before)


def _apart_from_places(diagnostics: tuple[Diagnostic, ...]) -> set[tuple[str, str, str]]:
    return {(d.code, d.span.path, re.sub(r":\d+:\d+", "", d.message)) for d in diagnostics}


@pytest.mark.parametrize("path", _FILES)
def test_a_mistake_is_said_and_nothing_that_follows_from_it(path: str) -> None:
    files, memory = _estate(), _Memory()
    changes = _examined(files, memory, {}).changes
    before = _apart_from_places(_said(files, memory, changes))
    of_rules = {each for each in before if not each[0].startswith(_READERS)}
    assert len(of_rules) > len(_MISTAKES)
    kept = tried = 0
    for broken in _broken(_read(files[path])):
        said = _apart_from_places(_said({**files, path: _written(broken)}, memory, changes))
        if not {each for each in said - before if each[0].startswith(_READERS)}:
            continue  # a name that somebody chose, spelt in another way
        assert {each for each in said - before if not each[0].startswith(_READERS)} == set()
        tried += 1
        kept += len(of_rules & said)
    assert tried
    assert kept > 0.9 * tried * len(of_rules)
