"""Bodies that the edge cannot judge: what the control plane is asked, and what is made of it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from forecourt.compiler.bundle.formats import FORMATS, is_of
from forecourt.compiler.contracts.compile import compile_contract
from forecourt.compiler.contracts.exact import schemas_of
from forecourt.contract.exact_judge import ExactJudge
from forecourt.estate.audience import Audience
from tests.edge.lua.inward.incoming import Incoming, a_document, contract_of
from tests.edge.luajit import Lua

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
# Nothing at the edge says what `(?=a)` means.
WORD = {"type": "string", "pattern": "^(?=a)"}
CHECKS = {name: partial(is_of, name=name) for name in FORMATS}


def judged(media_type: str, schema: Any, **more: Any) -> Incoming:
    """An operation that takes such a body; who judges elsewhere does as the control plane does."""
    content = {media_type.partition(";")[0]: {"schema": schema, **more}}
    contract = contract_of(a_document(method="post", body={"content": content}))
    exact = compile_contract(contract, Audience.PUBLIC).exact
    schemas = schemas_of(exact) if exact else {}
    judges = {name: ExactJudge(written, CHECKS) for name, written in schemas.items()}
    lua = Lua()

    def judge(_: Any, __: Any, root: str, text: str, slot: int) -> Any:
        broken = judges[root].broken(text.encode("latin-1"))
        if not broken:
            return True
        faults = [{"pointer": b.pointer, "rule": b.rule, "expected": b.expected} for b in broken]
        return False, lua.value(faults)

    asked = Incoming(lua, contract)
    asked.inward["ask"](judge)
    return asked


def part(name: str, content: str, more: str = "") -> str:
    head = f'Content-Disposition: form-data; name="{name}"{more}'
    return f"--b\r\n{head}\r\n\r\n{content}\r\n"


UPLOAD = {
    "type": "object",
    "required": ["word"],
    "properties": {
        "word": WORD,
        "file": {"type": "string", "format": "binary", "minLength": 1},
        "files": {"type": "array", "items": {"type": "string", "format": "binary", "minLength": 1}},
    },
}
HERE = {**UPLOAD, "properties": {**UPLOAD["properties"], "word": {"const": "a"}}}  # type: ignore[dict-item]
both = pytest.mark.parametrize("schema", [UPLOAD, HERE], ids=["elsewhere", "here"])


@both
def test_bytes_are_nothing_that_anybody_judges(schema: Any) -> None:
    asked = judged(MULTIPART, schema)
    file = part("file", "\x00\xff", '; filename="a"')
    assert asked.body(part("word", "a") + file + "--b--\r\n", MULTIPART).reason is None
    found = asked.body(part("word", "b") + file + "--b--\r\n", MULTIPART)
    assert (found.reason, [fault.pointer for fault in found.faults]) == ("body-invalid", ["/word"])


@both
@pytest.mark.parametrize("files", [5, 31, 32, 100])
def test_however_many_bytes_come_nothing_passes_beside_them(schema: Any, files: int) -> None:
    asked = judged(MULTIPART, schema)
    sent = part("files", "\x00\xff", '; filename="a"') * files + part("word", "b") + "--b--\r\n"
    found = asked.body(sent, MULTIPART)
    assert found.reason == "body-invalid"
    assert {fault.rule for fault in found.faults} <= {"pattern", "const", "complexity"}


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ("ids=1&ids=2&word=a", None),
        ("ids=1%2C2&word=a", None),
        ("ids=12&word=a", None),
        ("ids=x&word=a", "body-invalid"),
        ("ids=1%2Cx&word=a", "body-invalid"),
        ("ids=1&word=b", "body-invalid"),
        ("name=12&word=a", None),
        ("name=null&word=a", None),
        ("either=012&word=a", None),
        ("either=12&word=a", None),
    ],
)
def test_a_form_is_taken_in_each_way_in_which_it_may_be(form: str, reason: str | None) -> None:
    schema = {
        "type": "object",
        "properties": {
            "ids": {"type": "array", "items": {"type": "integer"}},
            "name": {"type": "string"},
            "either": {"type": ["integer", "string"], "not": {"const": 12}},
            "word": WORD,
        },
    }
    encoding = {"ids": {"style": "form", "explode": False}} if "%2C" in form else {}
    assert judged(FORM, schema, encoding=encoding).body(form, FORM).reason == reason


@pytest.mark.parametrize("answer", [None, "check-limited"])
def test_what_nobody_judges_does_not_pass(answer: str | None) -> None:
    asked = judged(FORM, {"type": "object", "properties": {"word": WORD}})
    asked.inward["ask"](lambda *_: (None, answer, 3))
    found = asked.body("word=a", FORM)
    assert found.reason == (answer or "cannot-judge")
    assert found.fields["retry-after"] == "3"
