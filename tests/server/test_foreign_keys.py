"""The keys of foreign issuers: fetched from a real server on loopback."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from forecourt.compiler.ir.callers import Issuer
from forecourt.diagnostics import Span
from forecourt.edge.key_sets import UnusableKeys, key_set
from forecourt.estate.audience import Audience
from forecourt.server.foreign_keys import ForeignKeys, Pace, keep_foreign_keys
from forecourt.server.key_wishes import KeyWishes
from tests.end_to_end.upstream import Upstream, an_upstream


def a_key(name: str) -> dict[str, object]:
    return dict(ECKey.generate_key("P-256", {"kid": name}).as_dict(private=False))


def a_set(*names: str) -> bytes:
    return json.dumps({"keys": [a_key(name) for name in names]}).encode()


def an_issuer(jwks: str, name: str = "acme-id") -> Issuer:
    return Issuer(
        name=name,
        issuer="https://id.acme.example/",
        jwks=jwks,
        token_audience="https://api.acme.example",
        callers=Audience.PUBLIC,
        consumer_claim="azp",
        origin=Span("forecourt.yaml", 1, 1),
    )


@pytest.fixture
def server() -> Iterator[Upstream]:
    with an_upstream() as server:
        server.answers(200, {"content-type": "application/json"}, a_set("one"))
        yield server


@pytest.fixture
def keys(tmp_path: Path) -> ForeignKeys:
    return ForeignKeys(tmp_path / "estate", tmp_path / "state")


async def test_what_a_url_gives_is_known_once_it_was_fetched(
    keys: ForeignKeys, server: Upstream, tmp_path: Path
) -> None:
    issuer = an_issuer(f"{server.url}/jwks.json")
    assert keys.known([issuer]) == {}
    assert await keys.fetch([issuer]) is True
    assert '"kid":"one"' in keys.known([issuer])["acme-id"]
    assert stat.S_IMODE((tmp_path / "state" / "jwks").stat().st_mode) == 0o700


async def test_what_did_not_change_is_not_new(keys: ForeignKeys, server: Upstream) -> None:
    issuer = an_issuer(f"{server.url}/jwks.json")
    await keys.fetch([issuer])
    assert await keys.fetch([issuer]) is False


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, a_set("two")), (200, b"<html>"), (200, b'{"keys": []}'), (302, b"")],
    ids=["a failure", "no JSON", "no key", "another place"],
)
async def test_an_issuer_that_is_away_keeps_the_keys_it_had(
    keys: ForeignKeys, server: Upstream, status: int, body: bytes
) -> None:
    issuer = an_issuer(f"{server.url}/jwks.json")
    await keys.fetch([issuer])
    server.answers(status, {"location": f"{server.url}/other"}, body)
    assert await keys.fetch([issuer]) is False
    assert '"kid":"one"' in keys.known([issuer])["acme-id"]


async def test_the_keys_of_one_that_is_away_are_known_after_a_restart(
    keys: ForeignKeys, server: Upstream, tmp_path: Path
) -> None:
    issuer = an_issuer(f"{server.url}/jwks.json")
    await keys.fetch([issuer])
    server.answers(500, {}, b"")
    again = ForeignKeys(tmp_path / "estate", tmp_path / "state")
    assert await again.fetch([issuer]) is False
    assert again.known([issuer]) == keys.known([issuer]) != {}


async def test_the_same_keys_in_another_order_are_not_new(
    keys: ForeignKeys, server: Upstream
) -> None:
    issuer = an_issuer(f"{server.url}/jwks.json")
    one, two = a_key("one"), a_key("two")
    server.answers(200, {}, json.dumps({"keys": [one, two]}).encode())
    assert await keys.fetch([issuer]) is True
    server.answers(200, {}, json.dumps({"keys": [two, one]}).encode())
    assert await keys.fetch([issuer]) is False


def test_a_file_of_the_estate_is_known_without_being_fetched(
    keys: ForeignKeys, tmp_path: Path
) -> None:
    (tmp_path / "estate").mkdir()
    (tmp_path / "estate" / "keys.json").write_bytes(a_set("one"))
    assert set(keys.known([an_issuer("keys.json")])) == {"acme-id"}


async def test_keys_from_another_place_are_not_those_of_this_one(
    keys: ForeignKeys, server: Upstream
) -> None:
    await keys.fetch([an_issuer(f"{server.url}/old.json")])
    assert keys.known([an_issuer(f"{server.url}/new.json")]) == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"rubbish",
        b"\xff\xfe\xfd",
        b"[]",
        b"{}",
        b'{"keys": {}}',
        b'{"keys": [1]}',
        b'{"keys": []}',
        b"[" * 100_000,
        b'{"keys": [{"kty": ["RSA"]}]}',
        b'{"keys": [{"kty": "RSA", "n": 5, "e": "AQAB"}]}',
        b'{"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]}',
        b'{"keys": [{"kty": "OKP", "crv": "X25519",'
        b' "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"}]}',
    ],
    ids=[
        "nothing",
        "rubbish",
        "no text",
        "a list",
        "no keys",
        "a mapping of keys",
        "a number for a key",
        "no key",
        "too deep",
        "a list for a kind",
        "a number for a modulus",
        "no point of its curve",
        "a key that signs nothing",
    ],
)
async def test_what_cannot_be_used_is_no_key_and_no_traceback(
    keys: ForeignKeys, server: Upstream, tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(UnusableKeys):
        key_set(content)
    (tmp_path / "estate").mkdir(exist_ok=True)
    (tmp_path / "estate" / "keys.json").write_bytes(content)
    assert keys.known([an_issuer("keys.json")]) == {}
    server.answers(200, {"content-type": "application/json"}, content)
    assert await keys.fetch([an_issuer(f"{server.url}/jwks.json")]) is False


def test_one_bad_key_does_not_cost_the_others() -> None:
    document = {"keys": [a_key("good"), {"kty": "EC"}, {**a_key("for ciphers"), "use": "enc"}]}
    (key,) = json.loads(key_set(json.dumps(document)))["keys"]
    assert key["kid"] == "good"


def test_a_private_key_is_never_passed_on() -> None:
    private = dict(ECKey.generate_key("P-256").as_dict(private=True))
    with pytest.raises(UnusableKeys):
        key_set(json.dumps({"keys": [private]}))


def test_a_symmetric_key_is_refused() -> None:
    with pytest.raises(UnusableKeys, match="symmetric"):
        key_set('{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}')


# --- for as long as it serves ---------------------------------------------------------------------


async def test_the_edge_is_told_of_new_keys_and_of_nothing_else(
    keys: ForeignKeys, server: Upstream
) -> None:
    issuers = [an_issuer(f"{server.url}/one.json", "one")]
    published: list[set[str]] = []
    looks = 0
    is_over = asyncio.Event()

    async def published_issuers() -> list[Issuer]:
        nonlocal looks
        looks += 1
        if looks == 3:
            issuers.append(an_issuer(f"{server.url}/two.json", "two"))
        if looks == 6:
            is_over.set()
        return issuers

    async def publish() -> None:
        published.append(set(keys.known(issuers)))

    await _run_until(is_over, keys, published_issuers, publish)
    assert published == [{"one"}, {"one", "two"}]
    assert [request.path for request in server.received] == ["/one.json", "/two.json"]


async def test_a_publication_that_fails_does_not_end_it(
    keys: ForeignKeys, server: Upstream
) -> None:
    looks = 0
    is_over = asyncio.Event()

    async def published_issuers() -> list[Issuer]:
        nonlocal looks
        looks += 1
        if looks == 3:
            is_over.set()
        return [an_issuer(f"{server.url}/jwks.json")]

    async def publish() -> None:
        raise OSError("no space")

    failures = await _run_until(is_over, keys, published_issuers, publish)
    assert [str(failure) for failure in failures] == ["no space"]


async def test_a_key_that_is_missed_is_fetched_at_once(keys: ForeignKeys, server: Upstream) -> None:
    wishes, is_over = KeyWishes(), asyncio.Event()

    async def publish() -> None:
        if len(server.received) == 1:
            server.answers(200, {}, a_set("one", "two"))
            wishes.wish()
        else:
            is_over.set()

    await _run_until(is_over, keys, _one(server), publish, wishes=wishes, pace=Pace(look=5))
    assert '"kid":"two"' in keys.known(await _one(server)())["acme-id"]


async def test_whoever_invents_keys_makes_nobody_ask_more_often_or_publish(
    keys: ForeignKeys, server: Upstream
) -> None:
    wishes, is_over = KeyWishes(), asyncio.Event()
    published, wished = 0, 0

    async def publish() -> None:
        nonlocal published
        published += 1

    async def issuers() -> list[Issuer]:
        nonlocal wished
        wished += 1
        wishes.wish()
        if wished == 50:
            is_over.set()
        return await _one(server)()

    await _run_until(is_over, keys, issuers, publish, wishes=wishes)
    assert len(server.received) == 1 + Pace().wishes, "and once as it was published"
    assert published == 1


def _one(server: Upstream) -> Callable[[], Awaitable[list[Issuer]]]:
    async def issuers() -> list[Issuer]:
        return [an_issuer(f"{server.url}/jwks.json")]

    return issuers


async def _run_until(
    is_over: asyncio.Event,
    keys: ForeignKeys,
    issuers: Callable[[], Awaitable[list[Issuer]]],
    publish: Callable[[], Awaitable[None]],
    *,
    wishes: KeyWishes | None = None,
    pace: Pace | None = None,
) -> list[Exception]:
    failures: list[Exception] = []
    task = asyncio.create_task(
        keep_foreign_keys(
            keys,
            issuers,
            wishes=wishes or KeyWishes(),
            publish=publish,
            failed=failures.append,
            pace=pace or Pace(look=0.001),
        )
    )
    await asyncio.wait_for(is_over.wait(), 10)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return failures
