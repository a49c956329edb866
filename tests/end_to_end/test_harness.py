"""The harness itself: a small estate runs, with mocks and with a real upstream."""

from __future__ import annotations

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate
from tests.end_to_end.upstream import an_upstream


def test_a_small_estate_answers_with_its_mock(started: Started) -> None:
    gateway = started(
        an_estate(
            apis={"lamps": an_api(), "prices": an_api("partner"), "stock": an_api("internal")},
            partners={"one": a_partner("prices", "lamps")},
        )
    )
    assert gateway.call("/lamps/v1/things", key=gateway.developer_key).json() == {"name": "lamp"}
    assert gateway.call("/prices/v1/things", key=gateway.partner_key("one")).status_code == 200
    assert gateway.call("/stock/things", service="orders").status_code == 200


def test_a_real_upstream_says_what_it_was_sent(started: Started) -> None:
    with an_upstream() as upstream:
        gateway = started(an_estate(apis={"lamps": an_api(upstream=upstream.url)}, local=False))
        key = gateway.a_key()
        answer = gateway.call(
            "/lamps/v1/things?a=b",
            key=key,
            method="POST",
            headers={"content-type": "application/json"},
            body=b"{}",
            http2=True,
        )
        assert answer.status_code == 200
        assert answer.http_version == "HTTP/2"
        assert upstream.last().path == "/things?a=b"
        assert upstream.last().body == b"{}"
        raw = gateway.raw(b"GET /lamps/v1/things HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert raw is not None
        assert raw.status == 401
