"""What is JSON, and what two readers could take for different things."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents import beside
from tests.edge.lua.json.tape import Reader, Refused

READER = Reader()

# The grammar allows both; a server and its proxy may take different ones, so the edge takes none.
REPEATS = {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"}

# What the suite leaves open: numbers of any size are exact here, and text must be characters.
LEFT_OPEN = {
    "number": None,
    "object_key_lone": "surrogate",
    "string_1st": "surrogate",
    "string_incomplete": "surrogate",
    "string_invalid_lonely": "surrogate",
    "string_invalid_surrogate": "surrogate",
    "string_inverted": "surrogate",
    "string_lone_second": "surrogate",
    "string_UTF-16": "control",
    "string_utf16": "control",
    "string": "utf8",
    "structure_500": "depth",
    "structure_UTF-8_BOM": "syntax",
}


def reason(body: bytes, **limits: int) -> str | None:
    found = READER.read(body, **limits)
    return found.reason if isinstance(found, Refused) else None


def test_decides_each_case_of_the_public_suite() -> None:
    wrong, seen = {}, 0
    for file in sorted(beside("json-test-suite/test_parsing").glob("*.json")):
        seen += 1
        found, kind = reason(file.read_bytes()), file.name[0]
        if file.name in REPEATS:
            is_right = found == "duplicate"
        elif kind == "i":
            name = file.name.removeprefix("i_")
            is_right = found == next(v for k, v in LEFT_OPEN.items() if name.startswith(k))
        else:
            is_right = (found is None) == (kind == "y")
        if not is_right:
            wrong[file.name] = found
    assert wrong == {}
    assert seen > 300


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b" \n\t", "syntax", id="spaces only"),
        pytest.param(b'\xef\xbb\xbf{"a":1}', "syntax", id="a byte order mark"),
        pytest.param(b'{"a":1,"a":1}', "duplicate", id="a key twice"),
        pytest.param(b'{"a":1,"\\u0061":2}', "duplicate", id="a key twice, once in disguise"),
        pytest.param(b'{"\xc3\xa9":1,"\\u00e9":2}', "duplicate", id="a letter in two spellings"),
        pytest.param(b'["\xff"]', "utf8", id="a byte that is no character"),
        pytest.param(b'["\xc3', "utf8", id="half a character at the end"),
        pytest.param(b'["\xed\xa0\x80"]', "utf8", id="half a surrogate pair in bytes"),
        pytest.param(b'["\xc0\xaf"]', "utf8", id="an overlong slash"),
        pytest.param(b'["\\ud800"]', "surrogate", id="half a surrogate pair"),
        pytest.param(b'["\\ud800\\u0041"]', "surrogate", id="half a pair and a letter"),
        pytest.param(b'["a\nb"]', "control", id="a line end in a text"),
        pytest.param(b'["a\tb"]', "control", id="a tab in a text"),
        pytest.param(b'["a\rb"]', "control", id="a return in a text"),
        pytest.param(b'{"a\nb":1}', "control", id="a line end in a key"),
        pytest.param(b"[\x0c1]", "control", id="a form feed between values"),
        pytest.param(b'["a\x00b"]', "control", id="a null byte"),
        pytest.param(b'["\\x41"]', "escape", id="an escape of another language"),
        pytest.param(b'["\\u00g0"]', "escape", id="an escape with no digit"),
        pytest.param(b'["\\u12"]', "escape", id="an escape cut short"),
        pytest.param(b'["a\\"]', "syntax", id="a text without an end"),
        pytest.param(b"[1]x", "trailing", id="something behind"),
        pytest.param(b"{}{}", "trailing", id="two values"),
        pytest.param(b"[1,]", "syntax", id="a comma too many"),
        pytest.param(b"[1}", "syntax", id="brackets that do not match"),
        pytest.param(b"[01]", "number", id="a leading zero"),
        pytest.param(b"[1.]", "number", id="a point without digits"),
        pytest.param(b"[0x1]", "syntax", id="hexadecimal"),
        pytest.param(b"[NaN]", "syntax", id="not a number"),
        pytest.param(b"[nulll]", "syntax", id="a word too long"),
        pytest.param(b"['a']", "syntax", id="single quotes"),
        pytest.param(b"{a:1}", "syntax", id="a key without quotes"),
        pytest.param(b"[1]//", "trailing", id="a comment"),
    ],
)
def test_refuses(body: bytes, expected: str) -> None:
    assert reason(body) == expected


def test_says_at_which_byte_it_refuses() -> None:
    read = READER.lua.module("json.reader").read
    limits = READER.lua.value({"bytes": 100, "depth": 64, "keys": 10})
    assert read('{"a": 1, "a": 2}', limits) == (None, "duplicate", 9)


def test_spells_are_kept_and_meanings_decoded() -> None:
    body = b'{"\\u0061\\n":[12345678901234567890,1.10,"\\ud83d\\ude00\\/\\\\"]}'
    assert READER.value(body) == {"a\n": [12345678901234567890, Decimal("1.10"), "😀/\\"]}


@pytest.mark.parametrize("depth", [1, 64, 128])
def test_is_as_deep_as_the_limit_says(depth: int) -> None:
    assert reason(b"[" * depth + b"]" * depth, depth=depth) is None
    assert reason(b"[" * (depth + 1) + b"]" * (depth + 1), depth=depth) == "depth"
    assert reason(b'{"a":' * (depth + 1) + b"1" + b"}" * (depth + 1), depth=depth) == "depth"


def test_has_as_many_keys_and_bytes_as_the_limit_says() -> None:
    body = json.dumps({"a": {"b": 1}, "c": [{"d": 1}]}).encode()
    assert reason(body, keys=4) is None
    assert reason(body, keys=3) == "keys"
    assert reason(body, size=len(body)) is None
    assert reason(body, size=len(body) - 1) == "bytes"


def test_has_only_so_many_values_whatever_the_limits() -> None:
    assert reason(b"[" + b"1," * (1 << 20) + b"1]") == "values"


characters = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | characters,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(characters, inner, max_size=6),
    max_leaves=30,
)


def exact(value: Any) -> Any:
    """A decimal without a fraction is an integer to JSON Schema, and so to the tape."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else value
        case dict():
            return {k: exact(v) for k, v in value.items()}
        case list():
            return [exact(v) for v in value]
        case _:
            return value


def spelled(value: Any, **options: Any) -> bytes:
    match value:
        case Decimal():
            return format(value, "e").encode()
        case dict():
            members = (
                json.dumps(k, **options).encode() + b" : " + spelled(v, **options)
                for k, v in value.items()
            )
            return b"{\n" + b" ,\r\n ".join(members) + b"\t}"
        case list():
            return b"[ " + b"\t, ".join(spelled(v, **options) for v in value) + b" ]"
        case _:
            return json.dumps(value, **options).encode()


@settings(deadline=None)
@given(values, st.booleans())
def test_reads_what_was_written(value: Any, ascii_only: bool) -> None:
    assert READER.value(spelled(value, ensure_ascii=ascii_only)) == exact(value)


def _strict(body: bytes) -> bool:
    """Whether the standard library reads it, without what it adds to JSON."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError
        return dict(pairs)

    def constant(word: str) -> None:
        raise ValueError(word)

    try:
        value = json.loads(
            body.decode(), object_pairs_hook=members, parse_constant=constant, parse_float=Decimal
        )
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError):
        return False
    return not body.startswith(b"\xef\xbb\xbf")


SEEDS = [
    b'{"a":[1,2.5e3,-0],"b":"x\\n\\u0041\\ud83d\\ude00","c":{"d":null,"e":true,"f":false}}',
    '{"é":"日本","k" : [ "\\\\\\"", {} , [] ] }'.encode(),
]


@settings(deadline=None, max_examples=400)
@given(
    st.sampled_from(SEEDS),
    st.lists(
        st.tuples(st.integers(0, 80), st.integers(0, 4), st.binary(max_size=3)),
        min_size=1,
        max_size=3,
    ),
)
def test_agrees_with_another_strict_reader_on_damaged_bodies(
    body: bytes, damages: list[tuple[int, int, bytes]]
) -> None:
    for place, removed, inserted in damages:
        body = body[:place] + inserted + body[place + removed :]
    assert (reason(body) is None) == _strict(body)


def _seconds(body: bytes) -> float:
    reason(body, depth=512, keys=1_000_000)
    start = time.process_time()
    reason(body, depth=512, keys=1_000_000)
    return time.process_time() - start


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(lambda n: b'["' + b"\\" * 2 * n + b'"]', id="backslashes"),
        pytest.param(lambda n: b'["' + b'\\"' * n + b'"]', id="escaped quotes"),
        pytest.param(lambda n: b'["' + b"\\ud83d\\ude00" * (n // 6) + b'"]', id="escapes"),
        pytest.param(lambda n: b"[" + b"9" * 2 * n + b"]", id="a huge number"),
        pytest.param(lambda n: b"[0." + b"0" * n + b"1" + b"0" * n + b"]", id="zeros"),
        pytest.param(lambda n: b'{"a":' * (n // 3), id="nesting"),
        pytest.param(
            lambda n: b"{" + b",".join(b'"k%d":0' % i for i in range(n // 8)) + b"}", id="keys"
        ),
        pytest.param(
            lambda n: (
                b'{"' + b'":0,"'.join(b"x" * 300 + b"%07d" % i for i in range(n // 200)) + b'":0}'
            ),
            id="long keys with one beginning",
        ),
        pytest.param(lambda n: b"[" + b'{"a":0},' * (n // 5) + b"0]", id="one key often"),
        pytest.param(lambda n: b" " * 2 * n + b"1", id="spaces"),
        pytest.param(lambda n: b"[" + b" \n " * (n // 3) + b"1 ]" + b" " * n, id="more spaces"),
    ],
)
def test_takes_ten_times_as_long_for_ten_times_as_much_of(attack: Any) -> None:
    small, large = attack(40_000), attack(400_000)
    # A hundred times as long, if it were each with each; caches and neighbours cost a little.
    soonest = [min(_seconds(body) for _ in range(5)) for body in (small, large)]
    assert soonest[1] < 60 * max(soonest[0], 1e-4)
