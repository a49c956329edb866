from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract.references import MOST_STEPS, Found, Lost, follow

ROOT: dict[str, Any] = {
    "a": {"$ref": "#/b"},
    "b": {"$ref": "#/c/0"},
    "c": [{"end": True}],
    "loop": {"$ref": "#/pool"},
    "pool": {"$ref": "#/loop"},
    "self": {"$ref": "#/self"},
    "paths": {"/users/{id}": {"get": 1}, "50%25": 2, "a b": 3, "~": 4, "é": 5},
}


def followed(reference: str) -> Found | Lost:
    return follow(ROOT, {"$ref": reference}, ("here",))


def test_takes_what_is_no_reference_for_itself() -> None:
    assert follow(ROOT, {"$ref": 5}, ("x",)) == Found(value={"$ref": 5}, at=("x",))
    assert follow(ROOT, None, ()) == Found(value=None, at=())


def test_follows_references_to_references() -> None:
    assert followed("#/a") == Found(value={"end": True}, at=("c", "0"))


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ("#", ROOT),
        ("#/paths/~1users~1{id}/get", 1),
        ("#/paths/~1users~1%7Bid%7D/get", 1),
        ("#/paths/50%25", 2),
        ("#/paths/50%2525", 2),
        ("#/paths/a%20b", 3),
        ("#/paths/~0", 4),
        ("#/paths/%C3%A9", 5),
    ],
)
def test_reads_a_pointer_as_people_write_it(reference: str, value: object) -> None:
    found = followed(reference)
    assert isinstance(found, Found)
    assert found.value == value


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("#/nothing", "nothing"),
        ("#/c/1", "nothing"),
        ("#/c/-1", "nothing"),
        ("#/c/²", "nothing"),
        ("#/c/99999999999999999999", "nothing"),
        ("#/c/0/end/x", "nothing"),
        ("#/", "nothing"),
        ("#name", "nothing"),
        ("other.yaml", "elsewhere"),
        ("https://acme.example/a.yaml#/x", "elsewhere"),
        ("", "elsewhere"),
    ],
)
def test_says_why_a_reference_is_lost(reference: str, reason: str) -> None:
    assert followed(reference) == Lost(
        reference=reference,
        at=("here", "$ref"),
        reason=reason,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("reference", ["#/loop", "#/pool", "#/self"])
def test_notices_a_circle(reference: str) -> None:
    lost = followed(reference)
    assert isinstance(lost, Lost)
    assert lost.reason == "cycle"
    assert lost.at != ("here", "$ref")  # the place within the circle where it closes


def test_does_not_go_on_for_ever() -> None:
    chain = {str(n): {"$ref": f"#/{n + 1}"} for n in range(MOST_STEPS + 1)}
    first = follow(chain, {"$ref": "#/0"}, ())
    assert isinstance(first, Lost)
    assert first.reason == "cycle"
    last: Any = {"$ref": "#/2"}
    assert follow({**chain, str(MOST_STEPS + 1): "end"}, last, ()) == Found(
        value="end", at=(str(MOST_STEPS + 1),)
    )
