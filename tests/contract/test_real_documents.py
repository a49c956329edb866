"""What others publish is read without a traceback, and each of its answers can be shown."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest

from forecourt.contract import Contract, read_contract
from forecourt.contract.examples import Example, choose_example
from forecourt.contract.matching import best_matches
from forecourt.contract.values import decode, encode
from forecourt.diagnostics import Diagnostic
from tests.contract.builders import a_response

# A folder of real documents, beside the checkout unless the environment says where.
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
DATA = Path(os.environ.get("FORECOURT_TEST_DATA", BESIDE))
FOLDERS = sorted(p.name for p in DATA.iterdir() if p.is_dir()) if DATA.is_dir() else []

with_data = pytest.mark.skipif(
    not FOLDERS, reason="no folder of real documents; FORECOURT_TEST_DATA names one"
)


def read(path: Path) -> tuple[Contract | None, tuple[Diagnostic, ...]]:
    text = path.read_text(encoding="utf-8", errors="replace")
    return read_contract(text, path.relative_to(DATA).as_posix())


@with_data
@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_raises_in(folder: str) -> None:
    for path in sorted((DATA / folder).rglob("*")):
        if path.suffix not in {".json", ".yaml", ".yml"}:
            continue
        contract, diagnostics = read(path)
        assert contract is not None or diagnostics, path
        assert all(d.span.path and d.span.line and d.span.column for d in diagnostics), path
        if contract is not None:
            show_everything(contract)


def show_everything(contract: Contract) -> None:
    document = decode(contract.document)
    for operation in contract.operations:
        assert operation.template in best_matches(
            [operation.template], requested(operation.template)
        )
        for response in operation.responses:
            status = int(response.status) if response.status.isdigit() else None
            shown = choose_example(document, operation, openapi=contract.openapi, status=status)
            encode(shown.value if isinstance(shown, Example) else shown.reason)


def requested(template: str) -> str:
    """A path that means the template: what is in braces can be anything."""
    path, *_ = re.split(r"[?#]", template)
    return path.replace("{", "x").replace("}", "y")


@with_data
@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "operations"),
    [
        ("github/api.github.com.json", 1223),
        ("museum/openapi.yaml", 8),
        ("realworld/openapi.yml", 19),
    ],
)
def test_misses_no_operation_of(path: str, operations: int) -> None:
    contract, diagnostics = read(DATA / path)
    assert diagnostics == ()
    assert contract is not None
    assert len(contract.operations) == operations


@with_data
def test_says_that_swagger_is_not_read() -> None:
    for path in sorted((DATA / "slack-oas2").glob("*.json")):
        contract, diagnostics = read(path)
        if path.name != "SOURCE.json":
            assert contract is None
            assert [d.name for d in diagnostics] == ["openapi-2"]


# A thousand of them must take seconds: 2 ms each, and room for cores that are shared.
MOST_SECONDS_FOR_A_HUNDRED = 1.0


@pytest.mark.slow
def test_small_documents_are_read_in_milliseconds() -> None:
    text = a_small_document()
    begin = time.process_time()
    for _ in range(100):
        contract, _ = read_contract(text, "a.yaml")
    assert time.process_time() - begin < MOST_SECONDS_FOR_A_HUNDRED
    assert contract is not None
    assert len(contract.operations) == 10


def a_small_document() -> str:
    lines = ["openapi: 3.1.0", "info: {title: Small, version: '1'}", "paths:"]
    for number in range(10):
        lines += [
            f"  /things{number}/{{id}}:",
            "    get:",
            f"      operationId: read{number}",
            "      summary: Read a thing",
            "      parameters:",
            "        - {name: id, in: path, required: true, schema: {type: string}}",
            "      responses:",
            f'        "200": {a_response({"id": "a", "size": number})}',
        ]
    return "\n".join(lines)
