from __future__ import annotations

from typing import Any

import pytest

from tests.contract.comparison.documents import document, kinds


def _at(*servers: dict[str, Any]) -> dict[str, Any]:
    return document(servers=list(servers))


_STAGE = {"url": "https://{stage}.example", "variables": {"stage": {"default": "api"}}}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (document(), _at({"url": "/"})),
        (_at({"url": "https://a.example"}), _at({"url": "https://a.example/"})),
        (_at({"url": "/a"}, {"url": "/b"}), _at({"url": "/b", "description": "B"}, {"url": "/a"})),
        (_at(_STAGE), _at(_STAGE)),
    ],
    ids=["none is the root", "a slash at the end", "another order", "variables"],
)
def test_is_the_same_server(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert not kinds(old, new)


def test_a_variable_is_part_of_the_address() -> None:
    other = {**_STAGE, "variables": {"stage": {"default": "test"}}}
    assert sorted(kinds(_at(_STAGE), _at(other))) == ["server-added", "server-removed"]
