"""A key that is used from everywhere at once is found; a fleet, a person and a service are not."""

from __future__ import annotations

from forecourt.defence.many_addresses import DETECTOR
from tests.defence.logged import PUBLIC, found_by, spread

EVERYWHERE = [f"203.{n}.113.7" for n in range(60)]


def test_finds_a_key_that_is_passed_around() -> None:
    (finding,) = found_by(DETECTOR, spread(60, 30, **PUBLIC | {"address": EVERYWHERE}))
    assert (finding.subject.id, finding.distinct >= 40) == ("key_1", True)


def test_finds_a_client_whose_tokens_come_from_everywhere() -> None:
    fields = PUBLIC | {"address": EVERYWHERE, "credential": "client_1"}
    (finding,) = found_by(DETECTOR, spread(60, 30, **fields))
    assert finding.subject.id == "client_1"


def test_no_alarm_for_a_fleet_in_a_few_networks() -> None:
    fleet = [f"203.0.{n % 12}.{n}" for n in range(250)]
    assert found_by(DETECTOR, spread(5_000, 60, **PUBLIC | {"address": fleet})) == ()


def test_no_alarm_for_one_who_travels() -> None:
    assert found_by(DETECTOR, spread(60, 3_600, **PUBLIC | {"address": EVERYWHERE})) == ()


def test_no_alarm_for_who_found_a_key_that_counts_elsewhere_only() -> None:
    fields = PUBLIC | {"address": EVERYWHERE, "reason": "address-not-allowed", "status": 403}
    assert found_by(DETECTOR, spread(600, 30, **fields)) == ()


def test_no_alarm_for_people_each_with_a_token() -> None:
    tokens = [f"token:acme-id/app/{n}" for n in range(60)]
    fields = PUBLIC | {"address": EVERYWHERE, "credential": tokens}
    assert found_by(DETECTOR, spread(600, 60, **fields)) == ()
