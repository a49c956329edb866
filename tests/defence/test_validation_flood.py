"""Who sends what the contract refuses, and nothing else, is found."""

from __future__ import annotations

import pytest

from forecourt.defence.validation_flood import DETECTOR
from tests.defence.logged import PUBLIC, STRANGER, found_by, spread

BROKEN = {"status": 422, "reason": "body-invalid"}


@pytest.mark.parametrize("reason", ["body-invalid", "parameters-invalid", "body-unparseable"])
def test_finds_a_fuzzer(reason: str) -> None:
    (finding,) = found_by(DETECTOR, spread(100, 50, **PUBLIC | {"status": 400, "reason": reason}))
    assert finding.subject.id == "key_1"


def test_partners_may_be_wrong_more_often() -> None:
    partner = {"audience": "partner", "consumer": "partner:p", "credential": "key_2"}
    assert found_by(DETECTOR, spread(200, 55, **partner, **BROKEN)) == ()
    (finding,) = found_by(DETECTOR, spread(300, 55, **partner, **BROKEN))
    assert finding.audience.value == "partner"


def test_no_alarm_for_a_busy_client_with_a_mistake() -> None:
    wrong = spread(300, 60, **PUBLIC | BROKEN)
    assert found_by(DETECTOR, [*wrong, *spread(300, 60, **PUBLIC)]) == ()


def test_no_alarm_for_a_client_that_tries_its_mistake_once_a_second() -> None:
    assert found_by(DETECTOR, spread(300, 300, **PUBLIC | BROKEN)) == ()


def test_no_alarm_for_what_was_only_observed() -> None:
    fields = PUBLIC | {"reason": "observed body-invalid"}
    assert found_by(DETECTOR, spread(300, 60, **fields)) == ()


def test_nobody_is_found_who_is_not_known() -> None:
    assert found_by(DETECTOR, spread(300, 60, **STRANGER | BROKEN)) == ()
