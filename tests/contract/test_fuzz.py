"""Whatever is written, reading it gives a contract or a reason, and never takes long."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecourt.contract import Contract, read_contract
from forecourt.contract.codes import SAME_TEMPLATE
from forecourt.contract.references import Lost, follow
from forecourt.contract.shapes import SHAPES
from forecourt.contract.values import decode, descend
from forecourt.diagnostics import Diagnostic, Severity
from tests.contract.builders import PATH
from tests.contract.real import DATA, other, with_data
from tests.examples import some_of

# Of processor time, for documents of some kilobytes; a hundredth of it is what most take.
MOST_SECONDS = 5.0

KEYS = sorted({key for shape in SHAPES.values() for key in shape} | {"$ref", "x-a", "200", "/a"})
REFERENCES = ["#", "#/", "#/a", "#/paths/~1a", "#/components/schemas/A", "a.yaml", "a.yaml#/b"]
REFERENCES += ["b.yaml", "../../..", "http://a", "%", "#/%zz", "", "?", "#a", "/", "\\"]
SMALL = [
    "museum/openapi.yaml",
    "vacuum-specs/circular-tests.yaml",
    "vacuum-specs/mixedref-burgershop.openapi.yaml",
    "vacuum-specs/all-the-components.yaml",
    "readme-oas-examples/3.0/json/circular-paths.json",
    "readme-oas-examples/3.0/json/callbacks.json",
    "readme-oas-examples/3.0/yaml/parameters-style.yaml",
    "readme-oas-examples/3.0/json/polymorphism.json",
    "oai/v3.1/tests/schema/pass/mega.yaml",
    "xero/xero-identity.yaml",
]

scalars = (
    st.none() | st.booleans() | st.integers() | st.sampled_from(REFERENCES) | st.text(max_size=8)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=5)
    ),
    max_leaves=25,
)
keyed = st.dictionaries(st.sampled_from(KEYS), values, max_size=5)
examined = settings(
    max_examples=some_of(150),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def judged(
    text: str, others: Callable[[str], str | bytes | None] = {}.get, path: str = PATH
) -> tuple[Contract | None, tuple[Diagnostic, ...]]:
    """What reading says, once it is known to make sense."""
    begin = time.process_time()
    contract, diagnostics = read_contract(text, path, others)
    assert time.process_time() - begin < MOST_SECONDS
    for diagnostic in diagnostics:
        assert diagnostic.span.path
        assert diagnostic.span.line > 0
        assert diagnostic.span.column > 0
        assert diagnostic.message.isprintable()
    if contract is None:
        (only,) = diagnostics
        assert only.severity is Severity.ERROR
    else:
        hold_promises(contract, diagnostics)
    return contract, diagnostics


def hold_promises(contract: Contract, diagnostics: tuple[Diagnostic, ...]) -> None:
    """What is left out is said to be, in each case; what is served leads somewhere."""
    shadowed = {d.span for d in diagnostics if d.name == SAME_TEMPLATE.name}
    has_mistakes = any(d.severity is Severity.ERROR for d in diagnostics)
    assert all(o.span in shadowed or has_mistakes for o in contract.left_out)
    served = {(o.method, o.template) for o in contract.operations}
    assert not served & {(o.method, o.template) for o in contract.left_out}
    document = decode(contract.document)
    for operation in contract.operations:
        contents = [c for r in operation.responses for c in r.contents]
        contents += operation.body.contents if operation.body is not None else ()
        schemas = [c.schema for c in contents] + [p.schema for p in operation.parameters]
        for pointer in schemas:
            if pointer is not None:
                found = follow(document, descend(document, pointer), pointer)
                assert not isinstance(found, Lost)


@examined
@given(st.text() | st.text(alphabet='{}[]:,-"& *!#\n a0'))
def test_any_text(text: str) -> None:
    judged(text)


@examined
@given(values)
def test_any_value(value: Any) -> None:
    judged(json.dumps(value))


@examined
@given(
    version=st.sampled_from(["3.0.3", "3.1.0"]),
    operations=st.dictionaries(st.sampled_from(["/a", "/a/{b}", "a", "/{", "/b#c"]), values),
    components=keyed,
    further=keyed,
    files=st.dictionaries(st.sampled_from(["apis/shop/a.yaml", "apis/shop/b.yaml"]), values),
)
def test_any_document(
    version: str, operations: Any, components: Any, further: Any, files: dict[str, Any]
) -> None:
    document = {**further, "openapi": version, "paths": operations, "components": components}
    others = {path: json.dumps(content) for path, content in files.items()}
    judged(json.dumps(document), others.get)


@examined
@given(operation=keyed, schema=keyed, parameter=keyed)
def test_any_operation(operation: Any, schema: Any, parameter: Any) -> None:
    contents = {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}
    get = {"parameters": [parameter], "responses": {"200": {"content": contents}}, **operation}
    components = {"schemas": {"A": schema}}
    paths = {"/a": {"get": get, "put": {"responses": {"200": {"content": contents}}}}}
    judged(json.dumps({"openapi": "3.1.0", "paths": paths, "components": components}))


@with_data
@pytest.mark.slow
@pytest.mark.parametrize("path", SMALL)
@settings(
    max_examples=some_of(60),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_any_change_of_a_real_document(path: str, data: st.DataObject) -> None:
    text = (DATA / path).read_text()
    for _ in range(data.draw(st.integers(1, 4), label="changes")):
        text = data.draw(changed(text), label="text")
    judged(text, other, path)


@st.composite
def changed(draw: st.DrawFn, text: str) -> str:
    """A text of which a part is gone, doubled, moved or replaced."""
    begin = draw(st.integers(0, max(0, len(text) - 1)))
    end = min(len(text), begin + draw(st.sampled_from([0, 1, 2, 10, 100, 1000])))
    part = text[begin:end]
    instead = draw(
        st.just("")
        | st.just(part * 2)
        | st.sampled_from(['"', "{", "}", "[", "]", ":", "\n", "  ", "-", "&a ", "*a", "\t", "\0"])
        | st.sampled_from(KEYS)
        | st.sampled_from(REFERENCES)
    )
    return text[:begin] + instead + text[end:]


def a_large(paths: dict[str, Any], **others: Any) -> str:
    return json.dumps({"openapi": "3.1.0", "paths": paths, **others})


def asking_for(schema: Any) -> dict[str, Any]:
    return {"get": {"requestBody": {"content": {"application/json": {"schema": schema}}}}}


MANY = 5_000
MADE_TO_TAKE_LONG = {
    "a chain of schemas": a_large(
        {f"/{n}": asking_for({"$ref": f"#/c/{n}"}) for n in range(MANY)},
        c={str(n): {"not": {"$ref": f"#/c/{(n + 1) % MANY}"}} for n in range(MANY)},
    ),
    "a chain of references": a_large(
        {"/a": asking_for({"$ref": "#/c/0"})},
        c={str(n): {"$ref": f"#/c/{n + 1}"} for n in range(MANY)},
    ),
    "many lost references": a_large({f"/{n}": {"$ref": f"#/x/{n}"} for n in range(MANY)}),
    "many foreign keys": a_large({"/a": asking_for({f"requird{n}": 1 for n in range(MANY)})}),
    "many marks": a_large({f"/{n}": {"get": {"x-audience": "internal"}} for n in range(MANY)}),
    "many shared parameters": a_large(
        {f"/{n}": {"parameters": {"$ref": "#/p"}, "get": {}} for n in range(500)},
        p=[{"name": f"p{n}", "in": "query"} for n in range(500)],
    ),
    "one mistake that all need": a_large(
        {f"/{n}": asking_for({"$ref": "#/s/0"}) for n in range(1_000)},
        s={
            str(n): {"anyOf": [{"$ref": f"#/s/{(n * 7 + k) % 1_000}"} for k in range(8)]}
            for n in range(999)
        },
    ),
    "a billion laughs": "openapi: 3.1.0\npaths: {}\na: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{n}: &{n} [{', '.join(['*' + before] * 9)}]\n"
        for before, n in zip("abcdefgh", "bcdefghi", strict=True)
    ),
}


@pytest.mark.parametrize("text", MADE_TO_TAKE_LONG.values(), ids=MADE_TO_TAKE_LONG)
def test_what_was_made_to_take_long(text: str) -> None:
    judged(text)
