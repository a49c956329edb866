"""Schemas and readers agree: an editor is never stricter, and sees what a reader would say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import meta

from forecourt.source import layout
from forecourt.source.environment import OVERRIDABLE
from forecourt.source.schemas import SCHEMAS, FileSchema, schema_called, schema_of
from forecourt.source.tree import parse
from tests.source.as_json import as_json
from tests.source.schema_files import FULL, complaints, files, mistakes

FILES = tuple(files())
_each_schema = pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)

# What an environment names is declared in other files, which a schema does not know.
OF_OTHER_FILES = ("is not an API of this estate", "is not a version of this API")

# Which keyword says what the reader says with a code.
KEYWORDS = {
    "FC010": {"required"},
    "FC011": {"type", "minItems"},
    "FC012": {"enum", "additionalProperties"},
    "FC013": {"additionalProperties"},
    "FC023": {"additionalProperties"},
}


def said(name: str, value: Any) -> set[str]:
    """The keywords that a value breaks."""
    return {error.kind.name for error in complaints(name, value)}


# --- what they are --------------------------------------------------------------------------------


@_each_schema
def test_a_schema_is_one(schema: FileSchema) -> None:
    meta.validate(dict(schema.document))


@_each_schema
def test_a_schema_refers_to_nothing_outside(schema: FileSchema) -> None:
    text = json.dumps(schema.document)
    assert "$ref" not in text
    assert "$id" not in text


def parts(shape: Any) -> Iterator[dict[str, Any]]:
    """A schema and every schema inside of it."""
    yield shape
    inner = [*shape.get("properties", {}).values()]
    inner += [shape[key] for key in ("items", "additionalProperties") if shape.get(key)]
    inner += [each["then"] for each in shape.get("allOf", ())]
    for each in inner:
        yield from parts(each)


@_each_schema
def test_every_key_says_what_it_is_for(schema: FileSchema) -> None:
    keys = [item for part in parts(schema.document) for item in part.get("properties", {}).items()]
    assert keys
    for key, shape in keys:
        if key in {"internal", "partner", "public"}:  # of a mapping by audience
            continue
        assert re.fullmatch(r"[A-Z`].*\.", shape["description"], re.DOTALL), key


@_each_schema
def test_a_pattern_is_read_by_every_editor(schema: FileSchema) -> None:
    """ECMA-262 with the flag `u` refuses escapes that Python and Rust let pass."""
    for part in parts(schema.document):
        for escape in re.findall(r"\\(.)", part.get("pattern", "")):
            assert escape in r"sSx\.$[]{}()", part["pattern"]


def test_the_posture_says_what_each_audience_demands() -> None:
    api = schema_called("api")
    assert api is not None
    properties: Any = api.document["properties"]
    errors = properties["posture"]["properties"]["errors"]["description"]
    assert "internal: detailed; partner: sanitised; public: constant" in errors


def test_every_file_that_is_read_has_a_schema() -> None:
    single = (layout.ORGANIZATION, layout.PLANS, layout.TIERS, layout.SERVICES)
    named = ("forecourt.prod.yaml", "apis/a/api.yaml", "partners/a.yaml", "waivers/a.yaml")
    changes = "apis/a/changes/2.yaml"
    assert {schema_of(path) for path in (*single, *named, changes)} == set(SCHEMAS)
    assert schema_of("apis/a/v1.openapi.yaml") is None


def test_an_environment_may_set_what_the_reader_lets_it_set() -> None:
    environment = schema_called("environment")
    assert environment is not None
    properties: Any = environment.document["properties"]
    assert set(properties) == set(OVERRIDABLE)


# --- what they say of files -----------------------------------------------------------------------


@pytest.mark.parametrize(("estate", "path", "text"), FILES, ids=lambda part: part[:60])
def test_a_file_is_judged_as_the_reader_judges_it(estate: str, path: str, text: str) -> None:
    schema = schema_of(path)
    assert schema is not None
    if parse(text, path)[1]:
        pytest.skip("it is no tree, or more than one")
    codes = {d.code for d in mistakes(path, text)}
    judged = said(schema.name, as_json(text))
    if not codes:
        assert judged == set(), f"{estate}/{path}"
    assert_says_as_much(codes, judged, estate)


def assert_says_as_much(codes: set[str], judged: set[str], where: object) -> None:
    for code in codes & KEYWORDS.keys():
        assert KEYWORDS[code] & judged, f"{where}: {code} is seen by the reader only, not {judged}"


def test_the_files_are_many_and_of_every_kind() -> None:
    sound = {path for _, path, text in FILES if not mistakes(path, text)}
    assert {schema_of(path) for path in sound} == set(SCHEMAS)
    assert len(FILES) > 60


# --- what they say of files with one mistake ------------------------------------------------------


@pytest.mark.parametrize("path", FULL)
def test_a_full_file_is_sound_and_leaves_no_key_out(path: str) -> None:
    schema = schema_of(path)
    assert schema is not None
    value = as_json(FULL[path])
    assert [str(d) for d in mistakes(path, FULL[path])] == []
    assert said(schema.name, value) == set()
    properties: Any = schema.document["properties"]
    missing = set(properties) - set(value)
    assert missing <= {"contract"}  # which only an API without versions has


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield at
    match value:
        case dict():
            inner = [*value.items()]
        case list():
            inner = [*enumerate(value)]
        case _:
            inner = []
    for key, each in inner:
        yield from places(each, (*at, key))


def inside(value: Any, place: tuple[str | int, ...]) -> Any:
    for key in place:
        value = value[key]
    return value


ODD: tuple[Any, ...] = ([], {}, None, "odd", 5, -1, 0.5, ["odd"], {"odd": "odd"}, "", [5], [[]])


@given(data=st.data())
def test_one_mistake_is_seen_by_both(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(FULL)))
    value = deepcopy(as_json(FULL[path]))
    place = data.draw(st.sampled_from(sorted(places(value), key=str)))
    at, inner = inside(value, place[:-1]) if place else None, inside(value, place)
    what = data.draw(st.sampled_from(["another value", "one key less", "one key more"]))
    if what == "one key more" and isinstance(inner, dict):
        inner["odd"] = next(iter(inner.values()), "odd")  # the key is odd, its value is not
    elif what == "one key less" and isinstance(at, dict | list):
        del at[place[-1]]
    elif at is not None:
        at[place[-1]] = data.draw(st.sampled_from(ODD))
    agree(path, value)


def agree(path: str, value: Any) -> None:
    schema = schema_of(path)
    assert schema is not None
    found = mistakes(path, json.dumps(value))
    judged = said(schema.name, value)
    if not found:
        assert judged == set(), value
    codes = {d.code for d in found if not d.message.endswith(OF_OTHER_FILES)}
    assert_says_as_much(codes, judged, value)


def test_every_single_mistake_at_every_place_is_seen_by_both() -> None:
    """The same without chance: each key gone, and each value of another type."""
    for path, text in FULL.items():
        for place in places(as_json(text)):
            if not place:
                continue
            shorter = as_json(text)
            del inside(shorter, place[:-1])[place[-1]]
            agree(path, shorter)
            for odd in (None, [], {}, "odd"):
                other = as_json(text)
                inside(other, place[:-1])[place[-1]] = odd
                agree(path, other)


def test_a_text_that_yaml_takes_for_a_truth_wants_quotes_in_an_editor() -> None:
    """The one place where a schema is stricter: else editors would offer `true` for every text."""
    text = "plans: {true: {rate_limit: {requests_per_minute: 20}}}"
    assert mistakes("plans.yaml", text) == ()
    assert said("plans", as_json(text)) == set()
    text = FULL["apis/payments/api.yaml"].replace("title: Payments", "title: true")
    assert mistakes("apis/payments/api.yaml", text) == ()
    assert said("api", as_json(text)) == {"type"}
    assert said("api", as_json(text.replace("title: true", 'title: "true"'))) == set()
