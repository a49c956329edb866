"""Multipart bodies are cut strictly, and their parts judged by what they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.edge.lua.inward.incoming import Fault, Incoming, a_document, contract_of
from tests.edge.luajit import Lua

LUA = Lua()
TYPE = "multipart/form-data; boundary=b"
UPLOAD = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "maxLength": 5},
        "age": {"type": "integer"},
        "meta": {"type": "object", "properties": {"zip": {"type": "integer"}}},
        "tags": {"type": "array", "items": {"type": "integer"}, "maxItems": 2},
        "file": {"type": "string", "format": "binary", "minLength": 1},
        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "picture": {"contentMediaType": "image/png"},
    },
}
NAME = 'Content-Disposition: form-data; name="name"\r\n\r\nAnn'


def incoming(schema: Any = UPLOAD, encoding: Mapping[str, Any] | None = None) -> Incoming:
    content: dict[str, Any] = {} if schema is None else {"schema": schema}
    if encoding is not None:
        content["encoding"] = encoding
    body = {"required": True, "content": {"multipart/form-data": content}}
    return Incoming(LUA, contract_of(a_document(body=body, method="post")))


def a_part(
    name: str, content: str | bytes, media_type: str | None = None, filename: str | None = None
) -> bytes:
    head = f'Content-Disposition: form-data; name="{name}"'
    head += f'; filename="{filename}"' if filename else ""
    head += f"\r\nContent-Type: {media_type}" if media_type else ""
    raw = content.encode() if isinstance(content, str) else content
    return head.encode() + b"\r\n\r\n" + raw


def a_body(*parts: bytes) -> bytes:
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


@pytest.mark.parametrize(
    ("parts", "pointer", "rule"),
    [
        ([a_part("name", "Ann"), a_part("age", "12")], None, None),
        ([a_part("name", "123")], None, None),
        ([a_part("name", "")], None, None),
        ([a_part("name", "Ann", "text/plain; charset=UTF-8")], None, None),
        ([a_part("name", "Ann"), a_part("meta", '{"zip":1}')], None, None),
        ([a_part("name", "Ann"), a_part("meta", '{"zip":1}', "application/json")], None, None),
        ([a_part("name", "Ann"), a_part("tags", "1"), a_part("tags", "2")], None, None),
        ([a_part("name", "Ann"), a_part("file", b"\x00\xff", "image/png", "a.png")], None, None),
        ([a_part("name", "Ann"), a_part("file", b"\x00\xff")], None, None),
        ([a_part("name", "Ann"), *[a_part("files", b"\xff", None, "a")] * 3], None, None),
        ([a_part("name", "Ann"), a_part("picture", b"\x89PNG", "image/png", "a")], None, None),
        ([a_part("name", "Ann"), a_part("other", b"\xff", None, "a")], None, None),
        ([a_part("name", "Ann"), a_part("other", "text")], None, None),
        ([a_part("age", "12")], "", "required"),
        ([a_part("name", "Johnny")], "/name", "maxLength"),
        ([a_part("name", "Ann"), a_part("age", "x")], "/age", "type"),
        ([a_part("name", "Ann"), a_part("meta", '{"zip":"x"}')], "/meta/zip", "type"),
        ([a_part("name", "Ann"), *[a_part("tags", "1")] * 3], "/tags", "maxItems"),
        ([a_part("name", "Ann"), a_part("tags", "x")], "/tags/0", "type"),
    ],
)
def test_judges(parts: list[bytes], pointer: str | None, rule: str | None) -> None:
    found = incoming().body(a_body(*parts), TYPE)
    assert found.reason == (None if rule is None else "body-invalid")
    assert [(f.pointer, f.rule) for f in found.faults] == (
        [] if rule is None else [(pointer, rule)]
    )


@pytest.mark.parametrize(
    ("parts", "pointer", "rule"),
    [
        ([a_part("name", b"\xff")], "/name", "encoding"),
        ([a_part("name", b"a\x00")], "/name", "encoding"),
        ([a_part("name", "A"), a_part("name", "B")], "/name", "duplicate"),
        ([a_part("name", "A"), a_part("meta", "{")], "/meta", "json"),
        ([a_part("name", "A"), a_part("meta", '1,"name":"B"')], "/meta", "json"),
        ([a_part("name", "A"), a_part("meta", "{}", "text/xml")], "/meta", "contentType"),
        ([a_part("name", "A", "text/plain; charset=utf-16")], "/name", "contentType"),
        ([a_part("\x01", "A")], "", "encoding"),
    ],
)
def test_refuses_parts_that_are_not_what_they_say(
    parts: list[bytes], pointer: str, rule: str
) -> None:
    found = incoming().body(a_body(*parts), TYPE)
    assert found.reason == "body-unparseable"
    assert [(f.pointer, f.rule) for f in found.faults] == [(pointer, rule)]


def test_a_part_may_have_the_media_types_that_its_encoding_names() -> None:
    encoding = {"file": {"contentType": "image/*, application/json"}, "name": {}}
    asked = incoming(encoding=encoding)
    assert asked.body(a_body(a_part("name", "A"), a_part("file", b"\xff")), TYPE).reason is None
    for media_type, rules in [
        ("image/gif", ()),
        ("application/pdf", ("contentType",)),
    ]:
        body = a_body(a_part("name", "A"), a_part("file", b"\xff", media_type, "a"))
        assert asked.body(body, TYPE).rules == rules
    broken = a_body(a_part("name", "A"), a_part("file", "{", "application/json"))
    assert asked.body(broken, TYPE).faults == (Fault(where="body", pointer="/file", rule="json"),)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "x",
        "--b--\r\n",
        f"--b\r\n{NAME}\r\n--b",
        f"--b\r\n{NAME}\r\n--b\r\n",
        f"--b\r\n{NAME}\r\n--b--x",
        f"--b\r\n{NAME}\r\n--b--\r\nmore",
        f"before\r\n--b\r\n{NAME}\r\n--b--\r\n",
        f"\r\n--b\r\n{NAME}\r\n--b--\r\n",
        f"--b\n{NAME}\n--b--\n",
        f"--b \r\n{NAME}\r\n--b--\r\n",
        f"--b\r\n{NAME}\n--b--\r\n",
        f"--b\r\n{NAME}\r\n--bc\r\n{NAME}\r\n--b--\r\n",
        f"--B\r\n{NAME}\r\n--B--\r\n",
        "--b\r\n\r\nAnn\r\n--b--\r\n",
        "--b\r\nContent-Disposition: form-data\r\n\r\nAnn\r\n--b--\r\n",
        '--b\r\nContent-Disposition: attachment; name="name"\r\n\r\nAnn\r\n--b--\r\n',
        f"--b\r\nContent-Transfer-Encoding: base64\r\n{NAME}\r\n--b--\r\n",
        f'--b\r\nContent-Disposition: form-data; name="x"\r\n{NAME}\r\n--b--\r\n',
        '--b\r\nContent-Disposition: form-data; name="a"; name="b"\r\n\r\nA\r\n--b--\r\n',
        '--b\r\nContent-Disposition: form-data; name="a"; filename*=x\r\n\r\nA\r\n--b--\r\n',
        '--b\r\nContent-Disposition: form-data; name="a\\"b"\r\n\r\nA\r\n--b--\r\n',
        f"--b\r\n {NAME}\r\n--b--\r\n",
        f"--b\r\nX: {'x' * 9000}\r\n{NAME}\r\n--b--\r\n",
    ],
)
def test_refuses_what_two_readers_could_cut_differently(body: str) -> None:
    found = incoming().body(body, TYPE)
    if body:
        assert found.reason == "body-unparseable"
        assert found.rules == ("multipart",)
    else:
        assert found.reason == "body-missing"


@pytest.mark.parametrize(
    "media_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary=""',
        'multipart/form-data; boundary="b "',
        f"multipart/form-data; boundary={'b' * 71}",
        'multipart/form-data; boundary="b\x7f"',
    ],
)
def test_refuses_a_boundary_that_is_none(media_type: str) -> None:
    found = incoming().body(a_body(a_part("name", "A")), media_type)
    assert found.reason in {"body-unparseable", "media-type-not-supported"}


def test_cuts_no_more_than_256_parts() -> None:
    parts = [a_part("name", "A")] + [a_part(f"n{n}", "1") for n in range(256)]
    assert incoming().body(a_body(*parts[:256]), TYPE).reason is None
    found = incoming().body(a_body(*parts), TYPE)
    assert found.faults == (Fault(where="body", pointer="", rule="parts", expected="256"),)


def test_a_boundary_within_a_content_does_not_end_it() -> None:
    found = incoming().body(a_body(a_part("name", "-b--")), TYPE)
    assert found.reason is None


def test_a_multipart_body_without_a_schema_is_not_looked_into() -> None:
    found = incoming(None).body("x", TYPE)
    assert (found.reason, found.has_waited) == (None, False)


@pytest.mark.parametrize("end", ["\n", "\r"])
@pytest.mark.parametrize(
    "spoilt",
    [
        'Content-Disposition: form-data; name="secret"{end}'
        'Content-Disposition: form-data; name="name"\r\n\r\nAnn',
        NAME + '{end}--b\r\nContent-Disposition: form-data; name="secret"\r\n\r\nx',
        NAME + '{end}--b\nContent-Disposition: form-data; name="secret"\n\nx',
    ],
)
def test_what_others_would_cut_elsewhere_is_refused(spoilt: str, end: str) -> None:
    closed = {**UPLOAD, "additionalProperties": False}
    found = incoming(closed).body(a_body(spoilt.replace("{end}", end).encode()), TYPE)
    assert found.reason == "body-unparseable"
