"""Each folder of `cases` is a claim: an estate, and what is said about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from forecourt.diagnostics import Diagnostic
from forecourt.estate.model import Estate
from forecourt.source.codes import CODES
from forecourt.source.estate import read_estate
from tests.source.builders import an_estate

CASES = Path(__file__).parent / "cases"
EXPECTED = "expected.txt"
ENVIRONMENT = "environment"


def _cases() -> list[Path]:
    return sorted(path for path in CASES.iterdir() if path.is_dir())


def _estate_of(case: Path) -> tuple[Estate, tuple[Diagnostic, ...]]:
    files: dict[str, str | bytes] = {
        path.relative_to(case).as_posix(): path.read_bytes()
        for path in case.rglob("*")
        if path.is_file() and path.name not in {EXPECTED, ENVIRONMENT}
    }
    chosen = case / ENVIRONMENT
    environment = chosen.read_text().strip() if chosen.exists() else None
    return read_estate(an_estate(files), environment)


def _told(diagnostics: tuple[Diagnostic, ...]) -> Iterator[str]:
    for diagnostic in diagnostics:
        yield str(diagnostic)
        if diagnostic.help is not None:
            yield f"  help: {diagnostic.help}"


def _present(estate: Estate) -> Iterator[str]:
    yield "what could be read:"
    if (organization := estate.organization) is not None:
        yield f"  {organization.name} {organization.external} {organization.internal}"
        yield from (f"  issuer {i.name} {i.callers}" for i in organization.issuers)
        yield from (f"  channel {name} {c}" for name, c in organization.channels.items())
    for api in estate.apis.values():
        yield f"  api {api.name} {api.audience} {api.path} {api.upstream} {api.scheme}"
        yield from (f"    {key} {_in_order(value)}" for key, value in api.posture.items())
        yield f"    allow={api.allow}"
        yield from (f"    {version}" for version in api.versions)
    yield from (f"  {value}" for value in estate.services.values())
    yield from (f"  {value}" for value in estate.partners.values())
    yield from (f"  {value}" for value in estate.plans.values())
    yield from (f"  {value}" for value in estate.tiers.values())
    yield from (f"  {value}" for value in estate.waivers)


def _in_order(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case.name)
def test_what_is_said_about(case: Path, update_golden: bool) -> None:
    estate, diagnostics = _estate_of(case)
    text = "\n".join([*_told(diagnostics), *_present(estate), ""])
    if update_golden:
        (case / EXPECTED).write_text(text)
    assert (case / EXPECTED).read_text() == text


def test_every_kind_of_mistake_has_a_case() -> None:
    shown = {d.code for case in _cases() for d in _estate_of(case)[1]}
    # A file that cannot be opened is a matter of the folder, and an estate without its first file
    # is tested in `test_estate.py`. What changes say of contracts is told where those are read, and
    # has its case in `tests/cli`.
    elsewhere = {
        *("unreadable-file", "change-of-nothing", "overlapping-changes", "lens-does-not-fit"),
    }
    assert {c.name for c in CODES if c.code not in shown} == elsewhere


def test_no_two_kinds_of_mistake_share_a_code_or_name() -> None:
    assert len({c.code for c in CODES}) == len({c.name for c in CODES}) == len(CODES)
    assert [c.code for c in CODES] == sorted(c.code for c in CODES)
