"""Every promise of docs/security.md and docs/owasp.md names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
OWASP = (ROOT / "docs" / "owasp.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE + OWASP)))
PROMISES = [line for line in PAGE.splitlines() if line.startswith("| ") and "---" not in line]


@pytest.mark.parametrize(("file", "test"), NAMED, ids=[test for _, test in NAMED])
def test_the_test_that_is_named_exists(file: str, test: str) -> None:
    assert re.search(rf"^(?:async )?def {test}\(", (ROOT / file).read_text(), re.MULTILINE)


def test_every_promise_names_one() -> None:
    promises = [line for line in PROMISES if "attacked by" not in line]
    assert len(promises) > 30
    assert [line for line in promises if "::test_" not in line] == []


FAULTS = ("fail_closed", "broken_edge", "control_plane_faults", "upstream_faults")


@pytest.mark.parametrize("modules", [("tricks",), FAULTS], ids=["tricks", "faults"])
def test_every_trick_and_fault_is_told_of(modules: tuple[str, ...]) -> None:
    """What stands in the page is what is tried: a trick that is not told of helps nobody decide."""
    ends = tuple(f"/test_{module}.py" for module in modules)
    told = {test for file, test in NAMED if file.endswith(ends)}
    assert len(told) >= 8


def test_each_of_the_ten_is_attacked() -> None:
    items = re.findall(r"^\| API(\d+) .*::test_", OWASP, re.MULTILINE)
    assert items == [str(number) for number in range(1, 11)]
