"""Each kind of value: what its reader takes, an editor takes, and its examples are sound."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from forecourt.diagnostics import Span
from forecourt.source import tree
from forecourt.source.files.rate_limits import RATE_LIMIT
from forecourt.source.tree import Scalar
from forecourt.source.vocabulary import addresses, names, paths, quantities, words
from forecourt.source.vocabulary.collection import ByName, Listed, OneOrMoreOf
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Field, Record
from forecourt.source.vocabulary.words import Parsed, Text
from tests.source.as_json import plain
from tests.source.builders import read
from tests.source.vocabulary.test_record import FILES, records

PLACE = Span("a.yaml", 1, 1)
# What people type.
TYPED = st.characters(min_codepoint=32, max_codepoint=126, include_characters="\n\té")


def kinds(kind: Any) -> Iterator[Any]:
    """Every kind inside of a kind, and the kind itself."""
    yield kind
    match kind:
        case Record():
            for field in kind.fields:
                yield from kinds(field.kind)
        case Listed() | OneOrMoreOf():
            yield from kinds(kind.of)
        case ByName():
            yield from kinds(kind.keys)
            yield from kinds(kind.values)


FIELDS: tuple[Field[Any], ...] = tuple(
    field for file in FILES for record in records(file) for field in record.fields
)
SCALARS: tuple[Parsed[Any] | Text, ...] = tuple(
    {
        json.dumps(kind.shape): kind
        for file in FILES
        for kind in kinds(file)
        if isinstance(kind, Parsed | Text)
    }.values()
)
_each_scalar = pytest.mark.parametrize("kind", SCALARS, ids=lambda kind: kind.expects[:40])


def takes(kind: Any, text: str, *, is_quoted: bool) -> bool:
    """Whether the reader makes something of a text."""
    at = At(label="it", folder="apis/payments", origin=PLACE)
    return kind.read(Scalar(text=text, is_quoted=is_quoted, span=PLACE), at) is not None


def test_every_kind_of_the_vocabulary_is_looked_at() -> None:
    declared = {
        id(value)
        for module in (addresses, names, paths, quantities, words)
        for value in vars(module).values()
        if isinstance(value, Parsed)
    }
    used = {id(kind) for file in FILES for kind in kinds(file)}
    assert declared - used == set()


def like(kind: Any) -> st.SearchStrategy[str]:
    """Texts that the editor takes, or nearly."""
    if kind is names.SHA256:  # too long to be met by chance
        hexadecimal = st.binary(min_size=32, max_size=32).map(lambda b: b.hex(":"))
        return st.one_of(hexadecimal, hexadecimal.map(str.upper))
    pattern = str(kind.shape.get("pattern", "[0-9]*"))
    return st.from_regex(re.compile(pattern), fullmatch=True, alphabet=TYPED)


@_each_scalar
@settings(max_examples=40)
@given(data=st.data())
def test_what_a_reader_takes_an_editor_takes(kind: Any, data: st.DataObject) -> None:
    text = data.draw(st.one_of(like(kind), st.text(TYPED, max_size=12)))
    judge = Draft202012Validator(dict(kind.shape), validate_formats=True)
    if takes(kind, text, is_quoted=True):
        assert judge.is_valid(text), text
    # Without quotes, where YAML has one line and no words of its own for it.
    value = plain(text.strip())
    if takes(kind, text.strip(), is_quoted=False) and text.strip() and not isinstance(value, bool):
        named = not isinstance(value, str) and "e" in text.lower()
        assert named or judge.is_valid(value), text


@_each_scalar
def test_an_editor_takes_numbers_where_the_reader_does(kind: Any) -> None:
    takes_numbers = any(takes(kind, text, is_quoted=False) for text in ("7", "12", "1.5"))
    types = kind.shape["type"]
    assert takes_numbers is bool(
        {"number", "integer"} & {*([types] if isinstance(types, str) else types)}
    )


@pytest.mark.parametrize("field", [f for f in FIELDS if "examples" in f.shape], ids=lambda f: f.key)
def test_an_example_is_sound(field: Field[Any]) -> None:
    examples: Any = field.shape["examples"]
    for example in examples:
        value, told = read(field.kind, json.dumps(example))
        assert (told, value is not None) == ([], True)
        assert Draft202012Validator(dict(field.shape)).is_valid(example)


@pytest.mark.parametrize("field", [f for f in FIELDS if f.written is not None], ids=lambda f: f.key)
def test_a_default_reads_as_what_holds_without_it(field: Field[Any]) -> None:
    value, told = read(field.kind, json.dumps(field.written))
    assert told == []
    assert value == field.default


def test_what_holds_without_a_key_is_said_where_it_can_be_written() -> None:
    unsaid = {
        field.key for field in FIELDS if field.default not in (None, (), {}) and not field.written
    }
    assert unsaid <= {"availability", "webhooks"}  # of mappings, each key has its own


def test_a_limit_without_a_burst_allowance_has_the_usual_one() -> None:
    limit, _ = read(RATE_LIMIT, "{requests_per_minute: 100}")
    assert limit is not None
    assert str(limit.burst_allowance) == "1.25"


def test_an_empty_text_is_no_value() -> None:
    node, _ = tree.parse("a: ''", "a.yaml")
    assert node is not None
    assert not Draft202012Validator(dict(words.TEXT.shape)).is_valid("")
    assert read(words.TEXT, "''")[0] is None
