"""What an operation demands of who calls it."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.compiler.contracts.scopes import demanded
from tests.contract.builders import a_contract, an_operation

_SCHEMES = {
    "securitySchemes": {
        "tokens": {"type": "oauth2", "flows": {}, "x-user-scopes": ["approve"]},
        "keys": {"type": "apiKey", "in": "header", "name": "X-Key"},
    }
}


@pytest.mark.parametrize(
    ("security", "expected"),
    [
        (None, ()),
        ([], ()),
        ([{}], ()),
        ([{"keys": []}], ()),
        ([{"tokens": ["read"]}, {"keys": []}], ()),
        ([{"tokens": ["read"]}], ({"all": ("read",)},)),
        ([{"tokens": ["read", "write", "read"]}], ({"all": ("read", "write")},)),
        ([{"tokens": ["read"]}, {"tokens": ["all"]}], ({"all": ("read",)}, {"all": ("all",)})),
        ([{"tokens": ["read"], "keys": ["more"]}], ({"all": ("more", "read")},)),
        ([{"tokens": ["read", "approve"]}], ({"all": ("read", "approve"), "is_users": True},)),
        ([{"unheard-of": ["read"]}], ({"all": ("read",)},)),
    ],
)
def test_demands(security: Any, expected: Any) -> None:
    operation = an_operation(**({} if security is None else {"security": security}))
    contract = a_contract(paths={"/things": {"get": operation}}, components=_SCHEMES)
    assert demanded(contract.operations[0], contract.security_schemes) == expected


def test_what_the_document_says_of_all_holds_where_the_operation_says_nothing() -> None:
    contract = a_contract(security=[{"tokens": ["read"]}], components=_SCHEMES)
    assert demanded(contract.operations[0], contract.security_schemes) == ({"all": ("read",)},)
