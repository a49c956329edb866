"""Every detector is listed, told of, and tested for false alarms."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from forecourt.defence import dormant_key
from forecourt.defence.detector import Detector
from forecourt.defence.detectors import DETECTORS
from forecourt.estate.audience import Audience
from forecourt.estate.defending import DEFENDING

ALL = (*DETECTORS, dormant_key.DETECTOR)
ROOT = Path(__file__).parents[2]


def test_each_has_a_name_of_its_own() -> None:
    assert len({detector.name for detector in ALL}) == len(ALL)


@pytest.mark.parametrize("path", sorted((ROOT / "src/forecourt/defence").glob("*.py")), ids=str)
def test_each_is_listed(path: Path) -> None:
    found = getattr(import_module(f"forecourt.defence.{path.stem}"), "DETECTOR", None)
    assert found is None or found in ALL


@pytest.mark.parametrize("detector", ALL, ids=lambda d: d.name)
def test_each_is_told_of_and_tested_for_false_alarms(detector: Detector) -> None:
    assert f"`{detector.name}`" in (ROOT / "docs/defence.md").read_text()
    tests = ROOT / "tests/defence" / f"test_{detector.name.replace('-', '_')}.py"
    assert "def test_no_alarm_for" in tests.read_text()


@pytest.mark.parametrize("audience", Audience, ids=lambda a: a.value)
def test_times_grow(audience: Audience) -> None:
    seconds = DEFENDING[audience].seconds
    assert list(seconds) == sorted(set(seconds))
