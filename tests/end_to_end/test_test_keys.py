"""A test key is answered by the mock, on whatever way it comes; nothing of it reaches an upstream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.upstream import Upstream, an_upstream


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A gateway in front of two recording upstreams."""

    gateway: Gateway
    upstream: Upstream
    other: Upstream

    def reached(self) -> int:
        """How many requests have reached an upstream so far."""
        return len(self.upstream.received) + len(self.other.received)


def an_estate_before(upstream: Upstream, other: Upstream) -> Gateway:
    """Every kind of route."""
    contract = {"contract": "openapi.yaml"}
    return an_estate(
        apis={
            "lamps": an_api(
                upstream=f"{upstream.url}/base/lamps",
                versions={"1": contract, "2": {**contract, "upstream": {"url": other.url}}},
            ),
            "prices": an_api(
                upstream=upstream.url,
                versioning={"scheme": "header"},
                versions={
                    "9": {**contract, "upstream": {"url": f"{upstream.url}/v9"}},
                    "10": {**contract, "upstream": {"url": f"{other.url}/v10"}},
                },
            ),
            "days": an_api(
                upstream=upstream.url,
                versioning={"scheme": "dates"},
                versions={"2023-06-01": contract, "2024-01-15": contract},
            ),
        },
        local=False,
        workers=1,
    )


@pytest.fixture(scope="module")
def served(started_once: Started) -> Iterator[Served]:
    with an_upstream() as upstream, an_upstream() as other:
        gateway = started_once(an_estate_before(upstream, other))
        yield Served(gateway=gateway, upstream=upstream, other=other)


WAYS = {
    "path, base path": ("/lamps/v1/things", {}),
    "path, own upstream": ("/lamps/v2/things", {}),
    "header, newest": ("/prices/things", {}),
    "header, named": ("/prices/things", {"api-version": "9"}),
    "header, other upstream": ("/prices/things", {"api-version": "10"}),
    "date": ("/days/things", {"api-version": "2023-12-31"}),
}


@pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])
@pytest.mark.parametrize(("path", "fields"), WAYS.values(), ids=WAYS)
def test_the_mock_answers_on_every_kind_of_route(
    served: Served, path: str, fields: dict[str, str], http2: bool
) -> None:
    key, before = served.gateway.a_test_key(), served.reached()
    answer = served.gateway.call(path, key=key, headers=fields, http2=http2)
    assert (answer.status_code, answer.json()) == (200, {"name": "lamp"})
    assert answer.headers["x-forecourt-mock"]
    assert served.reached() == before
    live = served.gateway.call(path, key=served.gateway.a_key(), headers=fields, http2=http2)
    assert live.status_code == 200
    assert "x-forecourt-mock" not in live.headers
    assert served.reached() == before + 1
    assert "forecourt-mock" not in served.upstream.last().names()
