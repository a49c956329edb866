"""What of an API stands on the external listener."""

from __future__ import annotations

from forecourt.compiler.lowering.outside import seen_outside
from forecourt.estate.api import Status
from tests.compiler.builders import lowered_api
from tests.governance.builders import a_version


def test_an_internal_api_does_not() -> None:
    assert seen_outside(lowered_api("users", "internal")) is None


def test_a_draft_does_not() -> None:
    draft = a_version("2", status=Status.DRAFT)
    seen = seen_outside(lowered_api(versions=(a_version("1"), draft)))
    assert seen is not None
    assert [v.name for v in seen.versions] == ["1"]
    assert seen_outside(lowered_api(versions=(draft,))) is None


def test_what_holds_for_colleagues_does_not() -> None:
    seen = seen_outside(lowered_api(allow=("orders",)))
    assert seen is not None
    assert seen.allow is None
    assert [c.audience.value for c in seen.callers] == ["partner", "public"]
