"""Whatever was enough must still be."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract.comparison import Verdict
from tests.contract.comparison.documents import changes, document, operation

_SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "other": {"type": "http", "scheme": "bearer"},
    "oauth": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "https://id.example/", "scopes": {}}},
    },
}


def _asking(security: Any, **schemes: Any) -> dict[str, Any]:
    return document(
        paths={"/things": {"get": operation(security=security)}},
        components={"securitySchemes": {**_SCHEMES, **schemes}},
    )


def _scoped(*scopes: str) -> dict[str, list[str]]:
    return {"oauth": list(scopes)}


_KEY, _OTHER = {"key": []}, {"other": []}

CASES: dict[str, tuple[Any, Any, dict[str, Verdict]]] = {
    "the same in another order": ([_KEY, _OTHER], [_OTHER, _KEY], {}),
    "nothing, said in two ways": ([], [{}], {}),
    "one more way": ([_KEY], [_KEY, _OTHER], {"security-alternative-added": Verdict.SAFE}),
    "no credentials will do": ([_KEY], [_KEY, {}], {"security-removed": Verdict.SAFE}),
    "a way that asks for more than another": ([_KEY], [_KEY, {"key": [], "other": []}], {}),
    "one way less": (
        [_KEY, _OTHER],
        [_KEY],
        {"security-alternative-removed": Verdict.BREAKING},
    ),
    "both in place of either": (
        [_KEY, _OTHER],
        [{"key": [], "other": []}],
        {"security-alternative-removed": Verdict.BREAKING},
    ),
    "nobody comes without": ([{}, _KEY], [_KEY], {"security-added": Verdict.BREAKING}),
    "a scope in place of another": (
        [_scoped("a")],
        [_scoped("b")],
        {"scope-added": Verdict.BREAKING, "scope-removed": Verdict.SAFE},
    ),
    "a scope less": ([_scoped("a", "b")], [_scoped("a")], {"scope-removed": Verdict.SAFE}),
}


@pytest.mark.parametrize(("old", "new", "expected"), CASES.values(), ids=CASES)
def test_tells_whether_what_was_enough_still_is(
    old: Any, new: Any, expected: dict[str, Verdict]
) -> None:
    found = changes(_asking(old), _asking(new))
    assert {change.kind.id: change.verdict for change in found} == expected


def test_says_nothing_of_schemes_that_nobody_uses() -> None:
    assert not changes(_asking([_KEY]), _asking([_KEY], other={"type": "http", "scheme": "basic"}))


def test_a_header_field_of_a_key_has_any_case() -> None:
    renamed = {**_SCHEMES["key"], "name": "x-key"}
    assert not changes(_asking([_KEY]), _asking([_KEY], key=renamed))


def test_what_all_operations_ask_for_is_told_once() -> None:
    def shop(**said: Any) -> dict[str, Any]:
        paths = {"/things": {"get": operation(), "put": operation()}}
        return document(paths=paths, components={"securitySchemes": _SCHEMES}, **said)

    (change,) = changes(shop(), shop(security=[_KEY]))
    assert change.operations == ("GET /things", "PUT /things")
    assert change.new == ("security",)
    assert change.message == "asks for `key`, and asked for nothing"
