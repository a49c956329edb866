"""Where a reference leads within one document."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.compiler.bundle.references import References
from forecourt.contract.values import Pointer

DOCUMENT: dict[str, Any] = {
    "a/b": {"~c": [{"%": {}}, False, None]},
    "named": {"$anchor": "here"},
    "values": {"enum": [{"$anchor": "not-here", "$id": "https://example.com/x"}]},
}


@pytest.mark.parametrize(
    ("reference", "target"),
    [
        ("#", ()),
        ("#/a~1b/~0c/0", ("a/b", "~c", "0")),
        ("#/a~1b/~0c/0/%25", ("a/b", "~c", "0", "%")),
        ("#/a~1b/~0c/0/%", ("a/b", "~c", "0", "%")),
        ("#/a~1b/~0c/1", ("a/b", "~c", "1")),
        ("#here", ("named",)),
        ("#not-here", None),
        ("#/nothing", None),
        ("#/a~1b/~0c/7", None),
        ("other.json#/a", None),
        ("https://example.com/schema", None),
    ],
)
def test_leads_to(reference: str, target: Pointer | None) -> None:
    assert References(DOCUMENT).target(reference) == target


def test_is_not_known_where_a_schema_within_has_a_base_of_its_own() -> None:
    document: Any = {"a": {"$id": "https://example.com/a"}, "b": {}}
    assert References(document).target("#/b") is None
    assert References({"$id": "https://example.com", "b": {}}).target("#/b") == ("b",)
