"""Who tries which operations a credential opens is found."""

from __future__ import annotations

from forecourt.defence.scope_probing import DETECTOR
from tests.defence.logged import PUBLIC, found_by, spread

LACKING = PUBLIC | {"status": 403, "reason": "scope-missing"}
OPERATIONS = [f"GET /things/{n}" for n in range(6)]


def test_finds_who_goes_through_operations() -> None:
    (finding,) = found_by(DETECTOR, spread(15, 30, **LACKING, operation=OPERATIONS))
    assert (finding.subject.id, finding.distinct >= 4) == ("key_1", True)


def test_no_alarm_for_a_client_that_lacks_one_scope_however_often_it_tries() -> None:
    path = [f"/v1/refunds/{n}" for n in range(100)]
    fields = LACKING | {"operation": "GET /refunds/{id}"}
    assert found_by(DETECTOR, spread(150, 60, **fields, path=path)) == ()


def test_no_alarm_for_a_busy_client_that_lacks_some() -> None:
    lacking = spread(40, 60, **LACKING, operation=OPERATIONS)
    assert found_by(DETECTOR, [*lacking, *spread(600, 60, **PUBLIC)]) == ()
