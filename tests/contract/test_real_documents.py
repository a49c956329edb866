"""What others publish is read without a traceback, and each of its answers can be shown."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from forecourt.contract import Contract, read_contract
from forecourt.contract.dialect import Translations
from forecourt.contract.examples import Example, choose_example
from forecourt.contract.matching import best_matches
from forecourt.contract.one_sided import Direction
from forecourt.contract.references import Lost, follow
from forecourt.contract.values import Json, decode, descend, encode
from forecourt.diagnostics import has_errors
from tests.contract.builders import a_response
from tests.contract.real import DATA, FOLDERS, read, with_data


@with_data
@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_raises_in(folder: str) -> None:
    for path in sorted((DATA / folder).rglob("*")):
        if path.suffix not in {".json", ".yaml", ".yml"}:
            continue
        contract, diagnostics = read(path)
        assert contract is not None or len(diagnostics) == 1, path
        assert contract is None or contract.operations or diagnostics, path
        assert all(d.span.path and d.span.line and d.span.column for d in diagnostics), path
        if contract is not None:
            show_everything(contract)


def show_everything(contract: Contract) -> None:
    """An answer of each response; what is written alike is answered alike, and asked once."""
    document = decode(contract.document)
    openapi, direction = contract.openapi, Direction.RESPONSE
    translations = Translations(document, openapi=openapi, direction=direction)
    asked: set[bytes] = set()
    for operation in contract.operations:
        assert operation.template in best_matches(
            [operation.template], requested(operation.template)
        )
        for response in operation.responses:
            contents = [[c.media_type, descend(document, c.pointer)] for c in response.contents]
            if (written := encode([response.status, contents])) in asked:
                continue
            asked.add(written)
            status = int(response.status) if response.status.isdigit() else None
            shown = choose_example(
                document,
                operation,
                openapi=contract.openapi,
                status=status,
                translations=translations,
            )
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
        ("stripe/spec3-2022-11-15.yaml", 444),
        ("digitalocean/specification/DigitalOcean-public.v2.yaml", 659),
        ("spotify/official-spotify-open-api.yml", 96),
        ("openai/openapi.yaml", 288),
        ("paypal/checkout_orders_v2.json", 8),
    ],
)
def test_misses_no_operation_of(path: str, operations: int) -> None:
    contract, diagnostics = read(DATA / path)
    assert not has_errors(diagnostics)
    assert contract is not None
    assert len(contract.operations) + len(contract.left_out) == operations
    # `/responses?beta=true` beside `/responses`: one takes the requests of both.
    assert [o for o in contract.left_out if not o.template.endswith("?beta=true")] == []


@with_data
@pytest.mark.slow
def test_a_document_of_thousands_of_files_is_one() -> None:
    contract, diagnostics = read(DATA / "digitalocean/specification/DigitalOcean-public.v2.yaml")
    assert contract is not None
    assert len(contract.files) == 2849
    document = decode(contract.document)
    lost = [r for r in references(document) if isinstance(follow(document, r, ()), Lost)]
    assert lost == []
    assert b'"$ref":"#/x-forecourt-files/' in contract.document
    # Three are references where OpenAPI has none: to operations, examples, mappings of schemas.
    assert [d.name for d in diagnostics] == ["not-as-specified"] * 5


def references(document: Json) -> Iterator[Json]:
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "$ref" in value:
                yield {"$ref": value["$ref"]}
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


@with_data
@pytest.mark.parametrize(
    ("path", "left"),
    [
        (
            "vacuum-specs/badref-burgershop.openapi.yaml",
            ["POST /burgers", "GET /dressings/{dressingId}"],
        ),
        (
            "vacuum-specs/mixedref-burgershop.openapi.yaml",
            ["POST /burgers", "GET /burgers/{burgerId}"],
        ),
        ("vacuum-specs/circular-tests.yaml", []),
        ("vacuum-specs/api-main.yaml", []),
        ("readme-oas-examples/3.0/json/circular-paths.json", []),
    ],
)
def test_leaves_out_of(path: str, left: list[str]) -> None:
    contract, _ = read(DATA / path)
    assert contract is not None
    assert [str(o) for o in contract.left_out] == left
    assert contract.operations


@with_data
def test_a_document_is_read_in_no_more_than_its_size_allows() -> None:
    """Each schema once: the largest has 9,524 references, and takes as long as to parse."""
    path = DATA / "github/api.github.com.json"
    begin = time.process_time()
    contract, _ = read(path)
    taken = time.process_time() - begin
    assert contract is not None
    assert taken < MOST_SECONDS_A_MB * path.stat().st_size / 1e6
    assert len(contract.document) < path.stat().st_size


@with_data
def test_says_that_swagger_is_not_read() -> None:
    for path in sorted((DATA / "slack-oas2").glob("*.json")):
        contract, diagnostics = read(path)
        if path.name != "SOURCE.json":
            assert contract is None
            assert [d.name for d in diagnostics] == ["openapi-2"]


# A twentieth of it is what is measured; cores are shared.
MOST_SECONDS_A_MB = 1.0

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
