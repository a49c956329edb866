"""The edge tells what leaked, and nobody can make it say anything else."""

from __future__ import annotations

from datetime import datetime

import httpx
import pytest

from forecourt.actions.leak import LeakCount, LeakPlace
from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.server.control import control
from forecourt.server.leak_reports import PATH, Misspoken, leak_reports, read_report
from tests.actions.builders import NOW
from tests.store.in_memory import InMemoryLeaks
from tests.store.test_leaks import a_place

LINE = b"filter payments 2 GET%20/payments/{id} 200 undeclared /margin 3\n"


class Broken(InMemoryLeaks):
    async def add(self, counts: object, at: datetime) -> None:
        raise StoreUnavailable("it is away")


async def told(store: InMemoryLeaks, body: bytes, *, method: str = "POST") -> int:
    async def elsewhere(scope: object, receive: object, send: object) -> None:
        raise AssertionError("the resolver was asked")

    application = control({PATH: leak_reports(store, lambda: NOW)}, otherwise=elsewhere)
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://control") as edge:
        return (await edge.request(method, "/leaks", content=body)).status_code


async def test_keeps_what_it_is_told() -> None:
    store = InMemoryLeaks()
    assert await told(store, LINE + LINE) == 204
    (leak,) = await store.of("payments")
    assert (leak.at, leak.times, leak.since) == (a_place(), 6, NOW)


def test_reads_a_version_and_a_place_that_are_empty() -> None:
    (count,) = read_report(b"observe users  GET%20/u - more  7\n")
    assert count == LeakCount(
        at=LeakPlace(
            api="users",
            version="",
            operation="GET /u",
            status="-",
            kind="more",
            place="",
            check="observe",
        ),
        times=7,
    )


@pytest.mark.parametrize(
    "body",
    [
        b"nothing of ours\n",
        LINE.replace(b"filter", b"off"),
        LINE.replace(b"undeclared", b"value"),
        LINE.replace(b" 3\n", b" -3\n"),
        LINE.replace(b" 3\n", b" 99999999999\n"),
        LINE.replace(b"payments 2", b" 2"),
        LINE.replace(b"/margin", b"/" + b"x" * 5000),
        b"x" * 5_000_000,
    ],
)
async def test_refuses_a_whole_report_of_which_a_line_is_none(body: bytes) -> None:
    store = InMemoryLeaks()
    assert await told(store, LINE + body) == 400
    assert await store.of("payments") == ()


def test_says_what_it_cannot_read() -> None:
    with pytest.raises(Misspoken, match="word"):
        list(read_report(LINE.replace(b"filter", b"off")))


async def test_is_only_told() -> None:
    assert await told(InMemoryLeaks(), b"", method="GET") == 405


async def test_says_when_it_cannot_keep_it() -> None:
    assert await told(Broken(), LINE) == 503
