"""What is called and declared by no contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forecourt.edge.exposure.guarded import Guarded, GuardedOperation
from forecourt.edge.exposure.shadow import Shadow, latest_requests, shadow_operations
from forecourt.edge.logged_request import LoggedRequest, logged_request
from forecourt.estate.audience import Audience

STANDING = [("/users/v1/", "users", "1"), ("/users/v2/", "users", "2")]


def users(*operations: tuple[str, str, str]) -> Guarded:
    return Guarded(
        name="users",
        audience=Audience.INTERNAL,
        places=frozenset(),
        released=frozenset({"1", "2"}),
        operations=tuple(
            GuardedOperation(
                version=version, method=method, template=template, audience=Audience.INTERNAL
            )
            for version, method, template in operations
        ),
    )


USERS = users(("1", "GET", "/people/{id}"), ("2", "POST", "/people"))


def a_line(path: str, method: str = "GET", **fields: Any) -> bytes:
    written = {
        "time": "2030-05-01T09:00:00Z",
        "request_id": "r",
        "listener": "internal",
        "method": method,
        "path": path,
        "route": "users@1#ab",
        "status": 200,
    }
    return json.dumps(written | fields).encode()


def a_request(path: str, method: str = "GET", **fields: Any) -> LoggedRequest:
    request = logged_request(a_line(path, method, **fields))
    assert request is not None
    return request


def found(*requests: LoggedRequest) -> list[tuple[str, str, int]]:
    return [(s.method, s.path, s.times) for s in shadow_operations(requests, STANDING, [USERS])]


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/users/v1/people/7", "GET"),
        ("/users/v1/people/7?all=yes", "GET"),
        ("/users/v1/people/a%20b", "GET"),
        ("/users/v1/people/7", "HEAD"),
        ("/users/v2/people", "POST"),
        ("/elsewhere/people", "GET"),
    ],
)
def test_what_a_contract_declares_is_none(path: str, method: str) -> None:
    assert found(a_request(path, method)) == []


@pytest.mark.parametrize(
    ("path", "method", "shown"),
    [
        ("/users/v1/debug", "GET", "/users/v1/debug"),
        ("/users/v1/people/7/notes", "GET", "/users/v1/people/*/notes"),
        ("/users/v1/people/7", "DELETE", "/users/v1/people/*"),
        ("/users/v2/people/7", "GET", "/users/v2/people/*"),
        ("/users/v1/", "GET", "/users/v1/"),
    ],
)
def test_what_none_declares_is_told_without_values(path: str, method: str, shown: str) -> None:
    assert found(a_request(path, method)) == [(method, shown, 1)]


@pytest.mark.parametrize(
    "fields",
    [{"status": 404}, {"status": 0}, {"reason": "not-found"}, {"route": "users@1#ab/mock"}],
    ids=["a fault", "no answer", "a refusal", "a test"],
)
def test_what_was_not_answered_is_none(fields: dict[str, Any]) -> None:
    assert found(a_request("/users/v1/debug", **fields)) == []


def test_the_most_frequent_comes_first() -> None:
    often = [a_request("/users/v1/debug")] * 3
    assert found(a_request("/users/v1/admin"), *often) == [
        ("GET", "/users/v1/debug", 3),
        ("GET", "/users/v1/admin", 1),
    ]


def test_an_api_without_a_contract_is_left_out() -> None:
    assert shadow_operations([a_request("/users/v1/x")], STANDING, [users()]) == ()


def test_reads_the_end_of_a_log(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    assert list(latest_requests(log)) == []
    lines = [a_line(f"/users/v1/{n}") for n in range(9)]
    log.write_bytes(b"\n".join(lines) + b"\n")
    read = list(latest_requests(log, most=len(lines[0]) * 2))
    assert [r.path for r in read] == ["/users/v1/6", "/users/v1/7", "/users/v1/8"]
    (shadow,) = shadow_operations(read, STANDING, [USERS])
    assert shadow == Shadow(api="users", method="GET", path="/users/v1/*", times=3)


def test_reads_all_of_a_short_log(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(b"\n".join(a_line(f"/users/v1/{n}") for n in range(9)) + b"\n")
    assert [r.path[-1] for r in latest_requests(log)] == list("012345678")


@pytest.mark.parametrize("most", [1, 100, 1_000, 3_000, 100_000])
def test_what_led_nowhere_takes_no_room_from_what_was_answered(tmp_path: Path, most: int) -> None:
    """As a search for openings leaves thousands."""
    nowhere = json.dumps(json.loads(a_line("/", route=None)), separators=(",", ":")).encode()
    called = [a_line(f"/users/v1/{n}") for n in range(3)]
    log = tmp_path / "access.log"
    log.write_bytes(b"\n".join([*called, *[nowhere] * 9]) + b"\n")
    read = [r.path for r in latest_requests(log, most=most)]
    assert "/" not in read
    assert read == [f"/users/v1/{n}" for n in range(3)][3 - len(read) :]
    if most >= 1_000:
        assert len(read) == 3
