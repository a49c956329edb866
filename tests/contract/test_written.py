from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.contract.values import child, decode, encode
from forecourt.contract.written import read_document
from forecourt.diagnostics import Severity
from forecourt.source.plain import plain
from forecourt.source.tree import parse


def value_of(text: str) -> object:
    written, diagnostics = read_document(text, "a.yaml")
    assert written is not None
    assert diagnostics == ()
    assert decode(written.encoded) == written.root
    return written.root


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1),
        ("-0x1F", "-0x1F"),
        ("0x1F", 31),
        ("0o17", 15),
        ("017", 17),
        ("12345678901234567890", 12345678901234567890),
        ("1.10", Decimal("1.10")),
        (".5", Decimal("0.5")),
        ("1e3", Decimal("1e3")),
        ("1e9999999", "1e9999999"),
        ("9" * 5000, "9" * 5000),
        ("true", True),
        ("False", False),
        ("no", "no"),
        ("on", "on"),
        ("~", None),
        ("'1'", "1"),
        ("'true'", "true"),
        ("''", ""),
        ("!!str 1", "1"),
        ("2024-01-15", "2024-01-15"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("-", [None]),
        ("1.2.3", "1.2.3"),
    ],
    ids=lambda x: str(x)[:20],
)
def test_reads_a_scalar_as_yaml_1_2_does(text: str, expected: object) -> None:
    value = value_of(text)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    "text",
    ['{"a": 1.10}', '{"a": 12345678901234567890}', '{"a": 1E+400}', '{"a": "\\ud83d\\ude00"}'],
)
def test_keeps_what_json_says_exactly(text: str) -> None:
    written, _ = read_document(text, "a.json")
    assert written is not None
    assert json.loads(written.encoded, parse_float=str) == json.loads(text, parse_float=str)


@pytest.mark.parametrize(
    "text",
    ['{"a": NaN}', '{"a": 1, }', '{"a": 1e99999999999999999999}', "{a: 1}"],
)
def test_leaves_what_is_not_clean_json_to_yaml(text: str) -> None:
    assert isinstance(value_of(text), dict)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":\n "\\ud83d"}', "2:2 bad-character"),
        ('{"a": 1,\n "a": 2}', "2:2 duplicate-key"),
        ('{"a": 1, }', "1:10 unreadable-yaml"),
        ('{"a": NaN}', "1:7 unreadable-yaml"),
    ],
)
def test_says_where_json_is_not_clean(text: str, expected: str) -> None:
    _, (diagnostic,) = read_document(text, "a.json")
    assert f"{diagnostic.span.line}:{diagnostic.span.column} {diagnostic.name}" == expected


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("a: 1\na: 2\n", Severity.WARNING),
        ('{"a": 1, "a": 2}', Severity.WARNING),
        ("x-audience: public\nx-audience: internal\n", Severity.ERROR),
        ('{"x-enum-audience": {}, "x-enum-audience": {}}', Severity.ERROR),
    ],
)
def test_a_key_written_twice_is_an_error_only_where_it_is_an_audience_mark(
    text: str, severity: Severity
) -> None:
    written, (diagnostic,) = read_document(text, "a.yaml")
    assert written is not None
    assert (diagnostic.name, diagnostic.severity) == ("duplicate-key", severity)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("ab/~", max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


def pointers(value: object, at: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    inner: list[tuple[str, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    if isinstance(value, list):
        inner = [(str(i), v) for i, v in enumerate(value)]
    return [at, *(p for k, v in inner for p in pointers(v, (*at, k)))]


@given(JSON, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_every_value_of_json_has_its_place(
    value: object, indent: int | str | None, is_ascii: bool
) -> None:
    text = json.dumps({"": value}, indent=indent, ensure_ascii=is_ascii)
    lines = text.split("\n")
    written, _ = read_document(text, "a.json")
    assert written is not None
    for pointer in pointers({"": value}):
        place = written.places.value(pointer)
        rest = "\n".join([lines[place.line - 1][place.column - 1 :], *lines[place.line :]])
        found, _ = json.JSONDecoder().raw_decode(rest)
        expected = written.root
        for step in pointer:
            expected = child(expected, step)
        assert found == expected


@given(JSON)
def test_a_tree_means_what_the_json_means(value: object) -> None:
    text = json.dumps([value])
    tree, _ = parse(text, "a")
    if tree is not None:
        assert plain(tree) == [value]


@pytest.mark.parametrize("text", ['{"a": [1]}', "a: [1]"], ids=["JSON", "YAML"])
@pytest.mark.parametrize("missing", [("b",), ("a", "1"), ("a", "x"), ("a", "0", "y")])
def test_points_around_what_is_not_there(text: str, missing: tuple[str, ...]) -> None:
    written, _ = read_document(text, "a")
    assert written is not None
    around = written.places.value(missing[:-1])
    assert written.places.value(missing) == around


@pytest.mark.parametrize("prefix", ["", "# YAML\n"], ids=["JSON", "YAML"])
@pytest.mark.parametrize("pair", ["[]", "{}"], ids=["lists", "objects"])
@pytest.mark.parametrize(("levels", "is_read"), [(200, True), (201, False), (100_000, False)])
def test_reads_no_deeper_than(prefix: str, pair: str, levels: int, is_read: bool) -> None:
    opening, closing = ("[", "]") if pair == "[]" else ('{"a":', "}")
    inner = levels - 1
    text = prefix + '{"b":' + opening * inner + "1" + closing * inner + "}"
    written, diagnostics = read_document(text, "a")
    assert (written is not None) is is_read
    assert [d.name for d in diagnostics] == ([] if is_read else ["too-deep"])


@given(JSON)
def test_decodes_what_it_encodes(value: object) -> None:
    assert decode(encode(value)) == value  # type: ignore[arg-type]
