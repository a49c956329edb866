"""A document's schemas, each compiled once; what cannot be judged at the edge is known before."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.compiler.bundle.compile import compile_bundle
from forecourt.compiler.bundle.projection import View
from forecourt.contract.one_sided import Direction
from forecourt.contract.openapi_3_0 import Dialect
from forecourt.contract.values import Json, Pointer
from forecourt.contract.written import read_document
from forecourt.estate.audience import Audience
from tests.documents import DATA, beside
from tests.edge.lua.contract.engine import ANSWERED, ASKED, Engine, compiled

ENGINE = Engine()


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        pytest.param({"$dynamicRef": "#a"}, "$dynamicRef", id="dynamic"),
        pytest.param({"$ref": "other.json"}, "$ref: it leads out of the document", id="elsewhere"),
        pytest.param({"$ref": "#/nothing"}, "$ref: it leads out of the document", id="nowhere"),
        pytest.param({"pattern": "(?=a)"}, "pattern: it looks ahead", id="a pattern"),
        pytest.param(
            {"patternProperties": {r"\b": {}}}, r"patternProperties: `\b`", id="a pattern of names"
        ),
        pytest.param({"multipleOf": 1234567891}, "multipleOf: too many digits", id="a divisor"),
        pytest.param({"dependencies": {}}, "dependencies", id="dependencies of older drafts"),
        pytest.param({"items": [{}]}, "items: a list", id="items of older drafts"),
        pytest.param({"$schema": "https://example.com/mine"}, "$schema", id="a dialect"),
        pytest.param({"allOf": [{"$ref": "#"}]}, "a schema that is part of itself", id="endless"),
    ],
)
def test_says_what_the_edge_cannot_judge(schema: Any, why: str) -> None:
    assert compiled(schema).roots[0].inexact == (why,)


def test_whatever_leads_there_cannot_be_judged_either() -> None:
    document: Json = {
        "a": {"properties": {"b": {"$ref": "#/b"}}},
        "b": {"items": {"$ref": "#/c"}},
        "c": {"dependencies": {}},
        "d": {"properties": {"e": {}}},
    }
    bundle = compile_bundle(
        document,
        {name: (name,) for name in "abcd"},
        view=ASKED,
        dialect=Dialect.JSON_SCHEMA_2020_12,
    )
    assert {r.name: r.inexact for r in bundle.roots} == {
        "a": ("dependencies",),
        "b": ("dependencies",),
        "c": ("dependencies",),
        "d": (),
    }


def test_a_place_without_a_schema_lets_nothing_pass() -> None:
    bundle = compile_bundle(
        {"a": "text"},
        {"text": ("a",), "nothing": ("b",)},
        view=ASKED,
        dialect=Dialect.JSON_SCHEMA_2020_12,
    )
    assert {r.inexact for r in bundle.roots} == {("no schema stands there",)}
    assert ENGINE.judge(ENGINE.load(bundle), "{}", "nothing") is False


def test_asserts_formats_of_what_is_asked_and_not_of_what_is_answered() -> None:
    for view, expected in ((ASKED, False), (ANSWERED, True)):
        bundle = compile_bundle(
            {"format": "date"}, {"root": ()}, view=view, dialect=Dialect.JSON_SCHEMA_2020_12
        )
        assert ENGINE.judge(ENGINE.load(bundle), '"soon"') is expected


def test_a_schema_that_many_use_is_compiled_once() -> None:
    shared: dict[str, Json] = {"properties": {f"p{n}": {"maxLength": n} for n in range(50)}}
    users: dict[str, Json] = {f"u{n}": {"items": {"$ref": "#/shared"}} for n in range(100)}

    def size(count: int) -> int:
        names = [f"u{n}" for n in range(count)]
        bundle = compile_bundle(
            {"shared": shared, **users},
            {n: (n,) for n in names},
            view=ASKED,
            dialect=Dialect.JSON_SCHEMA_2020_12,
        )
        return len(bundle.content)

    assert size(100) - size(1) < 100 * 150  # bytes a user; the shared one has 3,000


def test_equal_contracts_give_equal_bytes() -> None:
    schema = {"properties": {"b": {"enum": ["x", 1]}, "a": {"pattern": "^a+$"}}, "required": ["a"]}
    turned = {"required": ["a"], "properties": dict(reversed(schema["properties"].items()))}
    assert compiled(schema).digest == compiled(turned).digest
    assert len(compiled(schema).digest) == 16


def test_another_audience_or_direction_gives_another_bundle() -> None:
    schema = {"properties": {"a": {"x-audience": "partner"}, "b": {"writeOnly": True}}}
    partner = View(audience=Audience.PARTNER, direction=Direction.REQUEST)
    digests = {compiled(schema, view=view).digest for view in (ASKED, ANSWERED, partner)}
    assert len(digests) == 3


@pytest.mark.parametrize(
    "broken",
    [b"", b"FCB2", b"FCB0" + b"\0" * 60, lambda c: c[:-8], lambda c: c + b"\0" * 8],
    ids=["nothing", "a beginning", "another layout", "cut short", "too long"],
)
def test_the_edge_refuses_a_bundle_that_is_none(broken: Any) -> None:
    good = compiled({"properties": {"a": {}}}).content
    content = broken(good) if callable(broken) else broken
    loaded = ENGINE.lua.module("contract.bundle").load(content.decode("latin-1"))
    assert loaded == (None, "malformed")


# --- real documents -------------------------------------------------------------------------------

DOCUMENTS = sorted(
    str(p.relative_to(DATA))
    for folder in ("adyen", "asana", "box", "discord", "github", "museum", "openai", "paypal",
                   "spotify", "stripe", "sumup", "twilio", "xero", "realworld", "camara-qod")
    for suffix in ("json", "yaml", "yml")
    for p in (DATA / folder).rglob(f"*.{suffix}")
    if p.stat().st_size > 20_000
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS or ["nothing there"])
def test_real_documents_compile(name: str) -> None:
    written, _ = read_document(beside(name).read_text(), name)
    if written is None or not isinstance(written.root, dict) or "openapi" not in written.root:
        pytest.skip(f"{name} is no OpenAPI document")
    is_3_0 = str(written.root["openapi"]).startswith("3.0")
    roots = dict(schemas_in(written.root))
    bundle = compile_bundle(
        written.root,
        roots,
        view=ANSWERED,
        dialect=Dialect.OPENAPI_3_0 if is_3_0 else Dialect.JSON_SCHEMA_2020_12,
    )
    loaded = ENGINE.load(bundle)
    assert len(list(loaded["roots"])) == len(roots)
    inexact = [r.name for r in bundle.roots if r.inexact]
    assert len(inexact) <= 0.1 * len(roots)


def schemas_in(value: Json, at: Pointer = ()) -> list[tuple[str, Pointer]]:
    """The schemas of media types under `paths`, by their place."""
    found: list[tuple[str, Pointer]] = []
    if isinstance(value, dict):
        for key, inner in value.items():
            here = (*at, key)
            if key == "content" and isinstance(inner, dict):
                found += [
                    ("/".join((*here, media)), (*here, media, "schema"))
                    for media, content in inner.items()
                    if isinstance(content, dict) and "schema" in content
                ]
            elif at or key in {"paths", "components"}:
                found += schemas_in(inner, here)
    return found
