"""Bodies: as large as the caller may send, no larger, and never waiting for what does not come."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_contract, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import SOON, eventually
from tests.end_to_end.flood import a_flood, many_streams, most_of_a_body
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem
from tests.end_to_end.upstream import Upstream, an_upstream

_KB = 1024
# What Envoy may hold here at once: the least that can be said.
_HELD_MB = 96
# Nobody looks into it: its size alone counts.
_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    gateway: Gateway
    upstream: Upstream


@pytest.fixture(scope="module")
def served(started_once: Started) -> Iterator[Served]:
    """Public APIs, each named after its bound in KB; and one whose bodies are judged."""
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
        files["apis/judged/openapi.yaml"] = as_yaml(a_contract())
        apis["judged"] = an_api(
            upstream=f"{upstream.url}/judged", posture={"body_limits": {"bytes": "1 MB"}}
        )
        plans = {"fast": {"rate_limit": {"requests_per_minute": 1_000_000}}}
        estate = an_estate(apis=apis, plans=plans, files=files, local=False)
        estate.environment["FORECOURT_MEMORY"] = f"{_HELD_MB} MB"
        yield Served(gateway=started_once(estate), upstream=upstream)


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


# --- of all of them together ----------------------------------------------------------------------


# What the guide tells people to watch.
_WATCHED = (
    "forecourt_memory_bound_bytes",
    "envoy_overload_envoy_resource_monitors_fixed_heap_pressure",
    "envoy_http_downstream_rq_overload_close",
)


def _resident_mb(served: Served) -> float:
    lines = Path(f"/proc/{served.gateway.envoy_pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) / _KB


def _count(served: Served, name: str) -> int:
    said = served.gateway.admin(f"/stats?filter=^{name}$")
    return int(said.rpartition(": ")[2])


def _is_served(served: Served, key: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return served.gateway.call("/judged/v1/things", key=key).status_code == 200
    return False


def _refusal(served: Served, key: str, another: Callable[[], None]) -> httpx.Response | None:
    """What somebody who sends little is told instead of an answer, while others go on to flood."""
    another()
    with contextlib.suppress(httpx.TransportError):
        answer = served.gateway.call("/judged/v1/things", key=key)
        return answer if answer.status_code != 200 else None
    return None


@pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])
def test_a_flood_of_bodies_that_never_end_is_let_go_of_and_others_are_served_at_once(
    served: Served, http2: bool
) -> None:
    """Three times what may be held: Envoy lives, and tells those whom it turns away."""
    gateway, envoy = served.gateway, served.gateway.envoy_pid
    key = gateway.a_key(application=f"app {next(_NUMBERS)}", plan="fast")
    eventually(lambda: _is_served(served, key), what="what another flood held is given back")
    fields = {"x-api-key": key, "content-type": "application/json"}
    sender = many_streams if http2 else most_of_a_body
    flood = sender("/judged/v1/things", fields, 1_000_000)
    before = _resident_mb(served)
    with a_flood(gateway, flood, callers=3 * _HELD_MB, http2=http2) as another:
        grown = _resident_mb(served) - before
        let_go = _count(served, "envoy.overload_actions.reset_high_memory_stream.count")
        # Over HTTP/2 what holds most ends; over HTTP/1 whoever sends is turned away by chance.
        told = (
            None
            if http2
            else eventually(lambda: _refusal(served, key, another), what="one is told")
        )
    eventually(lambda: _is_served(served, key), what="others are served", within=SOON)
    assert gateway.envoy_pid == envoy
    metrics = gateway.operations("/metrics").text
    assert all(f"\n{name}" in metrics for name in _WATCHED)
    assert grown < 2 * _HELD_MB, "a little more than the bound: it is looked at ten times a second"
    if told is None:
        assert let_go > 0
        return
    assert told.status_code == 503
    assert told.headers["retry-after"] == "1"
    assert problem(told.text)["type"] == "urn:forecourt:problem:overloaded"
