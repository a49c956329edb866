"""Of real documents, what asks for no credential is open by a waiver, and only that."""

from __future__ import annotations

import re

import pytest

from forecourt.compiler.contracts.compile import compile_contract, spelled
from forecourt.compiler.contracts.operations import CompiledOperation, find_operation
from forecourt.contract import read_contract
from forecourt.estate.audience import Audience
from tests.documents import beside

# As they stand in these documents.
OPEN = {
    "readme-oas-examples/3.1/json/petstore-simple.json": {"GET /pet/{id}"},
    "readme-oas-examples/3.0/yaml/petstore-simple.yaml": {"GET /pet/{id}"},
    "box/openapi-v2024.0.json": {
        "GET /authorize",
        "GET /zip_downloads/{zip_download_id}/content",
        "POST /oauth2/revoke",
        "POST /oauth2/token",
    },
}


@pytest.mark.parametrize("path", OPEN)
def test_these_and_only_these_are_reached_without_a_credential(path: str) -> None:
    file = beside(path)
    contract, _ = read_contract(file.read_text(), file.name)
    assert contract is not None
    assert set(contract.anonymous) == OPEN[path]
    way_in = compile_contract(contract, Audience.PUBLIC, anonymous=True).way_in
    reached = set()
    for operation in contract.operations:
        asked = re.sub(r"\{[^{}]*\}", "7", operation.template).removeprefix("/")
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            found = find_operation(way_in, method, asked)
            if isinstance(found, CompiledOperation):
                reached.add(found.name)
                assert found.name.startswith(method)
    assert reached == {spelled(*name.split(" ", 1)) for name in OPEN[path]}
