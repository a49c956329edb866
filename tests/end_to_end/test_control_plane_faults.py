"""A control plane that answers nonsense, or not at all."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from forecourt.actions.api_key import new_key
from forecourt.actions.entitlement import Entitlement
from forecourt.compiler.ir.callers import Limit
from forecourt.estate.audience import Audience
from forecourt.server.entitlement_lines import entitlement_lines
from tests.actions.builders import chance
from tests.end_to_end.eventually import eventually
from tests.end_to_end.house import House
from tests.end_to_end.house_probes import NEWS_SECONDS, PROBES, is_closed
from tests.end_to_end.raw_socket import RawServer, a_raw_server, an_answer


@pytest.fixture
def control(house: House) -> Iterator[RawServer]:
    """Something else on the socket of the control plane, and an Envoy that never knew the other."""
    path = house.gateway.state / "run" / "control.sock"
    aside = path.with_suffix(".aside")
    path.rename(aside)
    try:
        with a_raw_server(path) as server:
            house.gateway.restart_envoy()
            eventually(lambda: house.call("/").status_code, what="envoy serves")
            yield server
    finally:
        aside.rename(path)
        house.gateway.restart_envoy()


ENTITLED = entitlement_lines(
    Entitlement(
        credential="key_1",
        application="app_1",
        consumer="developer:ada",
        audience=Audience.PUBLIC,
        bucket="app_1",
        limit=Limit(per_minute=1_000_000, capacity=1_000_000.0),
    ),
    news=10**9,
    bucket_key=b"a key",
)


NONSENSE: dict[str, bytes] = {
    "nothing": b"",
    "garbage": b"\x00\xff garbage \r\n\r\n",
    "half a head": b"HTTP/1.1 200 OK\r\ncontent-le",
    "an empty answer": an_answer("200 OK", ""),
    "an answer of garbage": an_answer("200 OK", b"\x00\xff" * 500),
    "an answer in JSON": an_answer("200 OK", '{"audience": "public"}'),
    "an answer that is too long": an_answer("200 OK", b"x" * 2_000_000),
    "an answer without its last line": an_answer("200 OK", ENTITLED.rpartition("news")[0]),
    "an answer without its last character": an_answer("200 OK", ENTITLED[:-1]),
    "an answer that ends too soon": an_answer("200 OK", ENTITLED, content_length="9999"),
    "an answer without an audience": an_answer("200 OK", ENTITLED.replace("audience public\n", "")),
    "an audience that is none": an_answer("200 OK", ENTITLED.replace("public", "anyone")),
    "the audience of another listener": an_answer("200 OK", ENTITLED.replace("public", "internal")),
    "no APIs": an_answer("200 OK", ENTITLED.replace("api *\n", "")),
    "a limit that is none": an_answer("200 OK", ENTITLED.replace("limit ", "limit x")),
    "a bucket that is none": an_answer("200 OK", ENTITLED.replace("bucket ", "bucket x")),
    "a success of another kind": an_answer("204 No Content", ""),
    "a redirection": an_answer("302 Found", ENTITLED, location="/resolve"),
    "an error": an_answer("500 Internal Server Error", ENTITLED),
    "unknown": an_answer("404 Not Found", ENTITLED),
}


def test_nobody_is_let_in_by_nonsense(house: House, control: RawServer) -> None:
    control.answer = an_answer("200 OK", ENTITLED)
    assert PROBES["a key"](house).status_code == 200, "the right answer lets nobody in either"
    house.gateway.forecourt("key", "list")  # the store is as it was
    for number, (name, said) in enumerate(NONSENSE.items()):
        control.answer = said
        key = new_key(chance(f"nonsense {number}"), is_test=False)
        answer = house.call("/lamps/v3/things", key=key)
        assert answer.status_code in {401, 503}, name
        is_closed(answer, about=name)
        assert not house.asked(), name
        assert ("retry-after" in answer.headers) is (answer.status_code == 503), name
    asked = len(control.requests)
    assert asked > len(NONSENSE), "the edge did not ask"
    control.answer, control.delay = an_answer("200 OK", ENTITLED), 4.0
    answer = house.call("/lamps/v3/things", key=new_key(chance("slow"), is_test=False))
    assert answer.status_code == 503, "a slow answer"
    assert answer.elapsed.total_seconds() < 3.5, "it waits for a control plane that is too slow"
    assert not house.asked()


def test_without_the_control_planes_socket_nobody_new_is_let_in(house: House) -> None:
    path = house.gateway.state / "run" / "control.sock"
    aside = path.with_suffix(".aside")
    known = PROBES["a key"](house)
    assert known.status_code == 200
    path.rename(aside)
    try:
        house.gateway.restart_envoy()
        eventually(lambda: house.call("/").status_code, what="envoy serves")
        for name in ("a key", "a partner", "a token", "a service", "a partner with a certificate"):
            answer = PROBES[name](house)
            assert answer.status_code == 503, name
            assert answer.headers["retry-after"].isdigit()
            is_closed(answer, about=name)
            assert not house.asked()
        assert PROBES["no credential"](house).status_code == 401
    finally:
        aside.rename(path)
    eventually(lambda: PROBES["a key"](house).status_code == 200, what="it asks again")


def test_a_key_is_withdrawn_even_where_no_news_can_be_read(house: House) -> None:
    key = house.gateway.a_key(developer="carol", plan="fast")
    assert house.call("/lamps/v3/things", key=key).status_code == 200
    path = house.gateway.state / "run" / "news"
    said = path.read_text()
    path.unlink()
    path.mkdir()  # no file can take its place
    try:
        listed = house.gateway.forecourt("key", "list", "--developer", "carol").stdout
        house.gateway.forecourt("key", "revoke", listed.splitlines()[-1].split()[0])
        time.sleep(NEWS_SECONDS)
        answer = house.call("/lamps/v3/things", key=key)
        assert answer.status_code == 401
        assert not house.asked()
        assert PROBES["a key"](house).status_code == 200, "those who are entitled are asked about"
    finally:
        path.rmdir()
        path.write_text(said)
