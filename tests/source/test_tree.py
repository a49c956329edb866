from __future__ import annotations

import pytest

from forecourt.diagnostics import Span
from forecourt.source.tree import MAX_DEPTH, MAX_REPEATED, Mapping, Node, Scalar, Sequence, parse


def said(text: str, path: str = "a.yaml") -> list[str]:
    return [str(diagnostic) for diagnostic in parse(text, path)[1]]


def root(text: str, path: str = "a.yaml") -> Node:
    node, diagnostics = parse(text, path)
    assert diagnostics == ()
    assert node is not None
    return node


def plain(node: Node | None) -> object:
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key.text: plain(value) for key, value in node.entries}
        case None:
            return None


def test_every_scalar_stays_text() -> None:
    text = "[2024-01-15, 1.10, no, 0x10, 1e3, ~, null, 12345678901234567890]"
    assert plain(root(text)) == text.strip("[]").split(", ")


def test_a_scalar_knows_where_it_stands_and_whether_it_was_quoted() -> None:
    node = root('a:\n  - "1"\n  - 1\n')
    assert isinstance(node, Mapping)
    listed = node.value("a")
    assert isinstance(listed, Sequence)
    quoted, bare = listed.items
    assert quoted == Scalar(text="1", is_quoted=True, span=Span("a.yaml", 2, 5))
    assert bare == Scalar(text="1", is_quoted=False, span=Span("a.yaml", 3, 5))


def test_columns_count_characters_not_bytes() -> None:
    assert said("ü: 1\nüü: ü: 1") == [
        "a.yaml:2:6: error[FC001 unreadable-yaml] this is not YAML: "
        "mapping values are not allowed in this context"
    ]


@pytest.mark.parametrize("text", ["", "\n", "# only words\n", "---\n", "--- ~\n"])
def test_an_empty_text_is_an_empty_scalar(text: str) -> None:
    node = root(text)
    assert isinstance(node, Scalar)
    assert node.is_null


def test_a_quoted_null_is_a_text() -> None:
    node = root('"null"')
    assert isinstance(node, Scalar)
    assert not node.is_null


@pytest.mark.parametrize("tag", ["!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp"])
def test_standard_tags_pass(tag: str) -> None:
    assert said(f"{tag} 1") == []


def test_a_tag_that_makes_a_text_counts_as_quotes() -> None:
    node = root("!!str 1")
    assert isinstance(node, Scalar)
    assert node.is_quoted


@pytest.mark.parametrize("text", ["!!map []", "!!seq {}", "!!int []", "!!set {}", "!own x"])
def test_other_tags_are_refused(text: str) -> None:
    assert "[FC006 unknown-tag]" in said(text)[0]


def test_merging_keeps_what_is_written_at_the_place() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {z: 3, y: 3}\nc: {y: 2, <<: [*a, *b]}\n"
    node = root(text)
    assert isinstance(node, Mapping)
    assert plain(node.value("c")) == {"y": "2", "x": "1", "z": "3"}


def test_a_quoted_merge_key_is_a_key() -> None:
    assert plain(root('{"<<": 1}')) == {"<<": "1"}


def test_only_mappings_merge() -> None:
    assert said("<<: 1") == [
        "a.yaml:1:5: error[FC011 wrong-type] `<<` merges a mapping, and this is none"
    ]


def test_an_alias_names_what_was_anchored_last() -> None:
    assert plain(root("[&a 1, *a, &a 2, *a]")) == ["1", "1", "2", "2"]


def test_aliases_may_repeat_much_but_not_more() -> None:
    many = "[" + ", ".join(["*a"] * (MAX_REPEATED // 10)) + "]"
    nine = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    assert said(f"{nine}b: {many}\n") == []
    assert "[FC007 bad-alias]" in said(f"{nine}b: {many}\nc: *a\n")[0]


@pytest.mark.parametrize("path", ["a.yaml", "a.json"])
def test_the_deepest_that_is_read_is_read(path: str) -> None:
    assert said("[" * MAX_DEPTH + "]" * MAX_DEPTH, path) == []


@pytest.mark.parametrize("path", ["a.yaml", "a.json"])
@pytest.mark.parametrize("count", [MAX_DEPTH + 1, 100_000])
def test_what_is_deeper_is_refused(path: str, count: int) -> None:
    assert said("[" * count, path) == [
        f"{path}:1:{MAX_DEPTH + 1}: error[FC008 too-deep] "
        f"this is nested more than {MAX_DEPTH} levels deep"
    ]


def test_aliases_cannot_nest_deeper_either() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, MAX_DEPTH + 1)]
    assert "[FC008 too-deep]" in said("\n".join(lines))[0]


@pytest.mark.parametrize("text", ["a: \ud800", "\ud800", "# \udfff"])
def test_half_a_character_is_refused(text: str) -> None:
    assert "[FC004 bad-character]" in said(text)[0]


# --- JSON -----------------------------------------------------------------------------------------


def test_json_pairs_of_escapes_are_one_character() -> None:
    assert plain(root(r'["\ud83d\ude00", "\/", "\u0000"]', "a.json")) == ["\U0001f600", "/", "\0"]


def test_json_scalars_stay_text() -> None:
    text = '[1.10, -0, 1E400, true, null, 12345678901234567890, "1"]'
    assert plain(root(text, "a.json")) == [
        "1.10",
        "-0",
        "1E400",
        "true",
        "null",
        "12345678901234567890",
        "1",
    ]


def test_json_knows_where_things_stand() -> None:
    node = root('\ufeff{\r\n  "ü": "ü",\n\t"b": [ 1 ]}', "a.json")
    assert isinstance(node, Mapping)
    places = [(key.span.line, key.span.column) for key, _ in node.entries]
    assert places == [(2, 3), (3, 2)]
    listed = node.value("b")
    assert isinstance(listed, Sequence)
    assert listed.items[0].span == Span("a.json", 3, 9)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{'a': 1}", "1:2"),
        ('{"a" 1}', "1:6"),
        ('{"a": 1,}', "1:9"),
        ("[1 2]", "1:4"),
        ("[1,\n]", "2:1"),
        ("[01]", "1:2"),
        ("[NaN]", "1:2"),
        ('["a\nb"]', "1:4"),
        ('["a', "1:2"),
        (r'["\q"]', "1:3"),
        ("{} {}", "1:4"),
        ("// a\n{}", "1:1"),
    ],
)
def test_what_is_not_json_is_pointed_at(text: str, place: str) -> None:
    assert said(text, "a.json")[0].startswith(
        f"a.json:{place}: error[FC001 unreadable-yaml] this is not JSON: "
    )


def test_half_a_pair_of_json_escapes_is_refused() -> None:
    assert "[FC004 bad-character]" in said(r'["\ud83d"]', "a.json")[0]


def test_a_json_key_written_twice_is_an_error() -> None:
    assert said('{"a": 1,\n"a": 2}', "a.json") == [
        "a.json:2:1: error[FC009 duplicate-key] `a` is written twice; the first is on line 1"
    ]


def test_an_empty_json_text_is_an_empty_scalar() -> None:
    assert plain(root(" \n", "a.json")) == ""
