"""When each key was used last."""

from __future__ import annotations

from datetime import UTC, datetime

from forecourt.usage.last_use import last_uses
from tests.edge.logged import a_logged_request


def test_says_the_minute_of_the_latest_request() -> None:
    requests = [
        a_logged_request(time="2026-03-01T12:30:59.900Z"),
        a_logged_request(time="2026-03-01T12:29:00.000Z"),
        a_logged_request(credential="key_2", time="2026-03-01T14:00:00.000+01:00"),
    ]
    assert last_uses(requests) == {
        "key_1": datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        "key_2": datetime(2026, 3, 1, 13, 0, tzinfo=UTC),
    }


def test_a_request_that_was_refused_is_a_use_too() -> None:
    assert last_uses([a_logged_request(status=429, reason="rate-limited")])


def test_what_came_from_elsewhere_is_nobodys_use() -> None:
    assert not last_uses([a_logged_request(status=403, reason="address-not-allowed")])


def test_only_keys_are_counted() -> None:
    others = (None, "token:acme-id/shop/ada", "spiffe:orders", "certificate:0a1b")
    assert not last_uses([a_logged_request(credential=other) for other in others])
