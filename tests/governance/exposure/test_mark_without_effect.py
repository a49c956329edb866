"""FC213."""

from __future__ import annotations

import pytest

from forecourt.governance.exposure.mark_without_effect import RULE
from tests.governance.exposure.marked import a_mark, at, found


def test_a_mark_cannot_widen_what_it_stands_in() -> None:
    (finding,) = found(RULE, marks=(a_mark("partner", "internal"),))
    assert finding.span == at(7)
    assert finding.message == (
        "this is marked `partner`, and what this stands in is `internal`, so that the mark shows "
        "it to nobody more"
    )


def test_a_mark_cannot_widen_its_api() -> None:
    (finding,) = found(RULE, "internal", marks=(a_mark("partner"),))
    assert "the API `payments` is `internal`" in finding.message


@pytest.mark.parametrize(
    ("mark", "around"), [("partner", None), ("public", None), ("internal", "partner")]
)
def test_a_mark_as_wide_as_what_is_around_it_or_narrower_is_fine(
    mark: str, around: str | None
) -> None:
    assert found(RULE, marks=(a_mark(mark, around),)) == []
