"""Only a path chooses an operation: of two that match the same, one is left out."""

from __future__ import annotations

import pytest

from forecourt.contract import Contract, read_contract
from forecourt.contract.matching import best_matches
from tests.contract.builders import PATH, a_document, an_operation


def of(*operations: str) -> tuple[Contract, list[str]]:
    paths: dict[str, dict[str, object]] = {}
    for operation in operations:
        method, template = operation.split()
        paths.setdefault(template, {"x-audience": "public"})[method.lower()] = an_operation()
    contract, diagnostics = read_contract(a_document(paths=paths), PATH)
    assert contract is not None
    about_names = {"FC117"}
    return contract, [str(d).partition(": ")[2] for d in diagnostics if d.code not in about_names]


@pytest.mark.parametrize(
    ("served", "left_out"),
    [
        ("GET /a/{id}", "GET /a/{name}"),
        ("GET /%61", "GET /a"),
        ("GET /a", "GET /a?state=open"),
        ("GET /a", "GET /a#open"),
        ("GET /a/{z}", "GET /a/{b}#open"),
        ("GET /a/{z}", "GET /a/{b}?state=open"),
        ("GET /a#closed", "GET /a#open"),
        ("GET /a#closed", "GET /a?state=open"),
    ],
)
def test_leaves_out_what_another_takes(served: str, left_out: str) -> None:
    for order in ((served, left_out), (left_out, served)):
        contract, said = of(*order)
        assert [str(o) for o in contract.operations] == [served]
        assert [str(o) for o in contract.left_out] == [left_out]
        reason = f"`{left_out}` matches what `{served}` matches, which goes first"
        assert contract.left_out[0].reason == reason
        assert f"warning[FC112 same-template] {reason}; it is left out" in said


def test_names_the_place_of_what_is_left_out() -> None:
    text = "openapi: 3.1.0\npaths:\n  /a: {get: {}}\n  /a#b: {get: {}}\n"
    contract, _ = read_contract(text, PATH)
    assert contract is not None
    assert [str(o.span) for o in contract.left_out] == [f"{PATH}:4:3"]


def test_what_cannot_be_told_takes_nothing() -> None:
    paths = {"/a/{b}": {"get": {"parameters": [{}]}}, "/a/{c}": {"get": an_operation()}}
    contract, _ = read_contract(a_document(paths=paths), PATH)
    assert contract is not None
    assert [str(o) for o in contract.operations] == ["GET /a/{c}"]


def test_a_query_alone_is_an_error_of_its_operations() -> None:
    contract, said = of("GET /a?b={c}", "PUT /a?b={c}", "GET /b")
    assert [str(o) for o in contract.operations] == ["GET /b"]
    assert [str(o) for o in contract.left_out] == ["GET /a?b={c}", "PUT /a?b={c}"]
    assert said == [
        "error[FC110 bad-template] `/a?b={c}` holds a query, and only a path chooses an operation;"
        " `GET /a?b={c}` and `PUT /a?b={c}` are left out"
    ]


def test_a_fragment_alone_is_served_without_it() -> None:
    contract, said = of("GET /a/{b}#c")
    (operation,) = contract.operations
    assert best_matches([operation.template], "/a/5") == (operation.template,)
    assert said == [
        "warning[FC115 not-as-specified] what follows a `#` never arrives:"
        " `/a/{b}#c` is served as `/a/{b}`"
    ]


def test_other_methods_of_the_same_path_are_served_with_it() -> None:
    contract, said = of("GET /a/{b}", "PUT /a/{c}")
    assert [str(o) for o in contract.operations] == ["GET /a/{b}", "PUT /a/{c}"]
    assert said == [
        "warning[FC115 not-as-specified] `/a/{c}` is the path `/a/{b}` once more,"
        " and served with it"
    ]
