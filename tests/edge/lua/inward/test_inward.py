"""Whatever comes: it is read as it was written, or refused, and nothing fails."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.edge.lua.inward.incoming import Incoming, a_document, contract_of
from tests.edge.luajit import Lua

LUA = Lua()
BYTES = st.binary(max_size=60)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)
NAMES = WORDS.filter(lambda w: w not in ("", "p") and not set(w) & set("[]"))
SCALARS = WORDS | st.integers() | st.booleans()


def spelled(value: Any) -> str:
    """A single value as callers write it."""
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    return quote(text, safe="")


def kind_of(value: Any) -> dict[str, Any]:
    """A schema that only this value keeps."""
    if isinstance(value, bool):
        return {"type": "boolean", "const": value}
    return {"type": "integer" if isinstance(value, int) else "string", "const": value}


def _in_query(name: str, value: Any, style: str, *, explode: bool) -> str:
    if isinstance(value, list):
        if explode:
            return "&".join(f"{name}={spelled(item)}" for item in value)
        separator = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "|"}[style]
        return f"{name}={separator.join(map(spelled, value))}"
    if style == "deepObject":
        return "&".join(f"{name}[{spelled(k)}]={spelled(v)}" for k, v in value.items())
    if explode:
        return "&".join(f"{spelled(k)}={spelled(v)}" for k, v in value.items())
    return f"{name}=" + ",".join(f"{spelled(k)},{spelled(v)}" for k, v in value.items())


def _schema(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        return {"type": "array", "prefixItems": [], "items": {"type": "string"}, "const": value}
    properties = {name: kind_of(inner) for name, inner in value.items()}
    return {"type": "object", "properties": properties, "const": value}


def _asked(schema: dict[str, Any], style: str, *, explode: bool) -> Incoming:
    parameter = {"name": "p", "in": "query", "style": style, "explode": explode, "schema": schema}
    return Incoming(LUA, contract_of(a_document(parameters=[parameter])))


@given(SCALARS)
@example("12")
@example("null")
def test_a_single_value_is_read_as_it_was_written(value: Any) -> None:
    asked = _asked(kind_of(value), "form", explode=True)
    assert asked.parameters(f"p={spelled(value)}").reason is None
    assert asked.parameters(f"p={spelled(value)}x").reason == "parameters-invalid"


@pytest.mark.parametrize(
    ("style", "explode"),
    [("form", True), ("form", False), ("spaceDelimited", False), ("pipeDelimited", False)],
)
@given(value=st.lists(WORDS.filter(bool), min_size=1, max_size=4))
@example(value=["a,b", "c d", "e|f", "12", "null", "+"])
def test_a_list_is_read_as_it_was_written(style: str, explode: bool, value: list[str]) -> None:
    if style == "spaceDelimited":
        value = [item.replace(" ", "_") for item in value]
    elif style == "pipeDelimited":
        value = [item.replace("|", "_") for item in value]
    asked = _asked(_schema(value), style, explode=explode)
    found = asked.parameters(_in_query("p", value, style, explode=explode))
    assert found.reason is None, (value, found)


@pytest.mark.parametrize(
    ("style", "explode"), [("form", True), ("form", False), ("deepObject", True)]
)
@given(value=st.dictionaries(NAMES, SCALARS, min_size=1, max_size=4))
@example(value={"a": "1", "b": 1, "c": True, "d": "true", "e,f": "g=h&i"})
@example(value={"$ref": ""})
def test_an_object_is_read_as_it_was_written(
    style: str, explode: bool, value: dict[str, Any]
) -> None:
    asked = _asked(_schema(value), style, explode=explode)
    found = asked.parameters(_in_query("p", value, style, explode=explode))
    assert found.reason is None, (value, found)


# --- nonsense -------------------------------------------------------------------------------------

_OBJECT = {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "integer"}}}}
_PARAMETERS = [
    {"name": "p", "in": "query", "style": "deepObject", "schema": _OBJECT},
    {"name": "q", "in": "query", "schema": {"type": ["integer", "array", "string"]}},
    {"name": "r", "in": "query", "schema": _OBJECT},
    {"name": "s", "in": "query", "content": {"application/json": {"schema": _OBJECT}}},
    {"name": "h", "in": "header", "explode": True, "schema": _OBJECT},
    {"name": "c", "in": "cookie", "schema": {"type": "array"}},
    {"name": "l", "in": "path", "required": True, "style": "label", "schema": _OBJECT},
    {"name": "m", "in": "path", "required": True, "style": "matrix", "schema": _OBJECT},
]
_CONTENTS = {
    media_type: {"schema": _OBJECT}
    for media_type in ("application/json", "application/x-www-form-urlencoded", "text/*")
} | {"multipart/form-data": {"schema": _OBJECT, "encoding": {"a": {"contentType": "text/plain"}}}}
ANYTHING = Incoming(
    LUA,
    contract_of(
        a_document(
            parameters=_PARAMETERS,
            path="/{l}/{m}",
            method="post",
            body={"content": _CONTENTS},
        )
    ),
)
_PIECES = st.sampled_from(
    [
        "p",
        "q",
        "r",
        "s",
        "[",
        "]",
        "[a]",
        "[0]",
        "[]",
        "=",
        "&",
        "%",
        "%5B",
        "%c3",
        "%a9",
        "%00",
        "a",
        "{",
        "}",
        '"',
        ",",
        ";",
        ".",
        "1",
        "true",
        "+",
        "|",
        "\x80",
        "ÿ",
        "c=",
        "l",
        "m",
    ]
)
_NONSENSE = st.lists(_PIECES, max_size=14).map("".join) | BYTES.map(lambda b: b.decode("latin-1"))


@given(_NONSENSE, _NONSENSE, _NONSENSE)
def test_no_parameter_makes_it_fail(one: str, two: str, three: str) -> None:
    found = ANYTHING.parameters(one, path=[two, three], headers={"h": two, "cookie": three})
    assert found.reason in {None, "parameters-invalid"}
    assert (found.reason is None) == (found.faults == ())


_MULTIPART = st.sampled_from(
    (
        *("--b", "\r\n", "--", "Content-Disposition: form-data", "; name=a", '; name="a"', ":"),
        *("Content-Type: text/plain", "Content-Type: x", "; filename=x", "\n", "\r", "\xff", "a"),
    )
)


@given(
    _NONSENSE | st.lists(_MULTIPART, max_size=16).map("".join),
    st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/x"])
    | st.just("multipart/form-data; boundary=b")
    | _NONSENSE,
)
def test_no_body_makes_it_fail(body: str, media_type: str) -> None:
    found = ANYTHING.body(body.encode("latin-1"), media_type)
    assert found.reason in {
        None,
        "body-unparseable",
        "body-invalid",
        "media-type-not-supported",
    }


# --- both -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "query", "body", "reason", "noted"),
    [
        ("enforce", "", '{"a":[]}', None, None),
        ("enforce", "", '{"a":1}', "body-invalid", None),
        ("enforce", "p[a]=x", '{"a":1}', "parameters-invalid", None),
        ("observe", "", '{"a":[]}', None, None),
        ("observe", "", '{"a":1}', None, "observed body-invalid"),
        ("observe", "p[a]=x", '{"a":1}', None, "observed parameters-invalid"),
    ],
)
def test_parameters_are_judged_before_the_body_is_waited_for(
    check: str, query: str, body: str, reason: str | None, noted: str | None
) -> None:
    parameters = [_PARAMETERS[0]]
    contents = {"content": {"application/json": {"schema": _OBJECT}}}
    document = a_document(parameters=parameters, method="post", body=contents)
    found, said, has_waited = Incoming(LUA, contract_of(document)).both(
        query, body, request_check=check
    )
    assert (found, said) == (reason, noted)
    assert has_waited == (not query)
