"""A key that comes alive is told of, once; a key in use is not."""

from __future__ import annotations

from datetime import timedelta

from forecourt.defence.dormant_key import DETECTOR, DORMANT, woken
from tests.actions.builders import NOW
from tests.defence.logged import PUBLIC, STRANGER, spread

LONG_AGO = {"key_1": NOW - DORMANT - timedelta(days=1)}


def test_finds_a_key_that_nobody_used_for_so_long() -> None:
    (finding,) = woken(spread(3, 10, **PUBLIC), LONG_AGO)
    assert (finding.subject.id, finding.samples) == ("key_1", ("r-0",))
    assert DETECTOR.most == "report"


def test_no_alarm_for_a_key_that_was_used_since() -> None:
    assert woken(spread(3, 10, **PUBLIC), {"key_1": NOW - timedelta(days=89)}) == ()


def test_no_alarm_where_nothing_is_known_of_before() -> None:
    assert woken(spread(3, 10, **PUBLIC), {}) == ()
    assert woken(spread(3, 10, **STRANGER), LONG_AGO) == ()


def test_no_alarm_for_what_was_refused() -> None:
    refused = PUBLIC | {"status": 404, "reason": "not-found"}
    assert woken(spread(3, 10, **refused), LONG_AGO) == ()
