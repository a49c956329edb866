"""Bodies: as large as the caller may send, no larger, and never waiting for what does not come."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count

import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_contract, an_api, an_estate, as_yaml
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem
from tests.end_to_end.upstream import Upstream, an_upstream

_KB = 1024
# Nobody looks into it: its size alone counts.
_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    gateway: Gateway
    upstream: Upstream


@pytest.fixture(scope="module")
def served(started_once: Started) -> Iterator[Served]:
    """Public APIs, each named after its bound in KB."""
    with an_upstream() as upstream:
        apis = {
            f"most{most}": an_api(
                upstream=f"{upstream.url}/most{most}",
                posture={"body_limits": {"bytes": f"{most} KB"}},
            )
            for most in (32, 64, 512)
        }
        contract = a_contract()
        contract["paths"]["/things"]["post"]["requestBody"]["content"] = {_TYPE: {}}
        files = {f"apis/{name}/openapi.yaml": as_yaml(contract) for name in apis}
        yield Served(
            gateway=started_once(an_estate(apis=apis, files=files, local=False)),
            upstream=upstream,
        )


_NUMBERS = count()


def _status(served: Served, api: str, size: int, *, http2: bool, is_declared: bool) -> int:
    """What comes of a body of a caller that the edge does not know yet."""
    key = served.gateway.a_key(application=f"app {next(_NUMBERS)}")
    body = b"x" * size
    with served.gateway.connection(http2=http2) as client:
        content = body if is_declared else iter([body[i : i + 8000] for i in range(0, size, 8000)])
        answer = client.post(
            f"/{api}/v1/things", headers={"x-api-key": key, "content-type": _TYPE}, content=content
        )
    if answer.status_code == 200:
        assert served.upstream.last().body == body
    else:
        assert problem(answer.text)["type"] == "urn:forecourt:problem:body-too-large"
        assert answer.headers["x-content-type-options"] == "nosniff"
    return answer.status_code


@pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])
@pytest.mark.parametrize("is_declared", [True, False], ids=["with its length", "without"])
@pytest.mark.parametrize(
    ("api", "size"), [("most32", 31), ("most64", 63), ("most512", 200), ("most512", 500)]
)
def test_a_newcomers_body_passes_up_to_the_bound(
    served: Served, api: str, size: int, http2: bool, is_declared: bool
) -> None:
    status = _status(served, api, size * _KB, http2=http2, is_declared=is_declared)
    assert status == 200


@pytest.mark.parametrize("is_declared", [True, False], ids=["with its length", "without"])
def test_a_newcomers_body_over_the_bound_is_refused(served: Served, is_declared: bool) -> None:
    status = _status(served, "most512", 700 * _KB, http2=False, is_declared=is_declared)
    assert status == 413


@pytest.mark.parametrize(
    ("api", "size", "http2"),
    [("most32", 33, False), ("most32", 33, True), ("most64", 65, False), ("most512", 700, False)],
)
def test_a_length_over_the_bound_is_refused_however_small_the_bound(
    served: Served, api: str, size: int, http2: bool
) -> None:
    status = _status(served, api, size * _KB, http2=http2, is_declared=True)
    assert status == 413


def _announced(
    served: Served, path: str, sent: bytes = b"", *, after: float = 0
) -> tuple[int, float]:
    """The status of a request that announces five bytes, and how long it took to come."""
    head = f"POST {path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: nobodys\r\ncontent-length: 5\r\n"
    with served.gateway.socket() as secure:
        started = time.monotonic()
        secure.sendall(f"{head}content-type: {_TYPE}\r\n\r\n".encode())
        time.sleep(after)
        secure.sendall(sent)
        status = secure.recv(4096).split(b" ")[1]
    return int(status), time.monotonic() - started


def test_a_body_that_is_announced_and_never_comes_holds_nothing_back(served: Served) -> None:
    requests = [
        *((path, b"", 0) for path in ("/most32/v1/things", "/most512/v1/things", "/nowhere")),
        ("/most32/v1/things", b"12345", 0),
        ("/most32/v1/things", b"12345", 0.5),
    ]
    with ThreadPoolExecutor(len(requests)) as pool:
        found = list(pool.map(lambda r: _announced(served, r[0], r[1], after=r[2]), requests))
    assert [status for status, _ in found] == [408, 408, 408, 401, 401]
    assert max(seconds for _, seconds in found) < 5
    assert found[3][1] < 0.5
