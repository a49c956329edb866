from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.contract.places import PlacesInTree
from forecourt.source.json_places import JsonPlaces
from forecourt.source.json_text import parse_json

TEXT = '{\n  "a": [1, {"b\\u00e9": "x"}],\n\t"c" : {} , "d":[ ]\n}\n'


@pytest.mark.parametrize(
    ("way", "key", "value"),
    [
        ((), "1:1", "1:1"),
        (("a",), "2:3", "2:8"),
        (("a", "0"), "2:9", "2:9"),
        (("a", "1", "bé"), "2:13", "2:24"),
        (("c",), "3:2", "3:8"),
        (("d",), "3:13", "3:17"),
        (("d", "0"), "3:13", "3:17"),
        (("a", "1", "nothing"), "2:12", "2:12"),
        (("a", "0", "nothing"), "2:9", "2:9"),
    ],
)
def test_finds_where_a_value_stands(way: tuple[str, ...], key: str, value: str) -> None:
    found = JsonPlaces(TEXT, "a.json").find(way)
    assert tuple(map(str, found)) == (f"a.json:{key}", f"a.json:{value}")


def test_passes_over_a_byte_order_mark() -> None:
    key, _ = JsonPlaces("\ufeff" + '{"a": 1}', "a.json").find(("a",))
    assert str(key) == "a.json:1:2"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(value=_JSON, indent=st.sampled_from([None, 0, 2]))
def test_agrees_with_the_reader_that_makes_a_tree(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    root, _ = parse_json(text, "a.json")
    assert root is not None
    places, tree = JsonPlaces(text, "a.json"), PlacesInTree(root)
    for way in _ways(value):
        assert places.find(way) == (tree.key(way), tree.value(way))


def _ways(value: object, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    inside = (
        value.items()
        if isinstance(value, dict)
        else ((str(n), v) for n, v in enumerate(value))
        if isinstance(value, list)
        else ()
    )
    return [before, *(way for key, inner in inside for way in _ways(inner, (*before, key)))]
