"""Who looks for what is there is found; who asks for what is gone is not."""

from __future__ import annotations

from forecourt.defence.scanning import DETECTOR
from tests.defence.logged import PUBLIC, STRANGER, found_by, spread

ABSENT = {"status": 404, "reason": "no-such-operation"}
PATHS = [f"/v1/{word}" for word in ("admin", "debug", *map(str, range(60)))]


def test_finds_a_caller_by_its_credential() -> None:
    (finding,) = found_by(DETECTOR, spread(40, 20, **PUBLIC | ABSENT, path=PATHS))
    assert (finding.subject.kind, finding.subject.id) == ("credential", "key_1")
    assert finding.distinct >= 20


def test_finds_a_stranger_by_its_address() -> None:
    fields = STRANGER | {"status": 405, "reason": "method", "method": "TRACE"}
    (finding,) = found_by(DETECTOR, spread(40, 20, **fields, path=PATHS))
    assert finding.subject.id == "203.0.113.7/32"


def test_no_alarm_for_what_the_service_does_not_have() -> None:
    fields = PUBLIC | {"status": 404, "reason": None}
    assert found_by(DETECTOR, spread(1_000, 60, **fields, path=PATHS)) == ()


def test_no_alarm_for_one_path_that_is_gone_however_often_it_is_asked_for() -> None:
    path = [f"/v1/gone?page={n}" for n in range(100)]
    assert found_by(DETECTOR, spread(500, 60, **PUBLIC | ABSENT, path=path)) == ()


def test_no_alarm_for_a_busy_client_some_of_whose_paths_are_gone() -> None:
    gone = spread(60, 60, **PUBLIC | ABSENT, path=PATHS)
    assert found_by(DETECTOR, [*gone, *spread(600, 60, **PUBLIC)]) == ()
