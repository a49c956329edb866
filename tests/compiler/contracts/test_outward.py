"""What one operation may answer, as the edge reads it."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.compiler.contracts.outward import outward
from forecourt.compiler.contracts.side import Side
from forecourt.contract.values import decode
from tests.contract.builders import a_contract


def side(responses: Any) -> Side:
    contract = a_contract(paths={"/things": {"get": {"responses": responses}}})
    return outward(contract.operations[0], 7, decode(contract.document))


def answers(responses: Any) -> Any:
    return side(responses).table["answers"]


def of_type(*media_types: str, schema: Any = None) -> Any:
    content: Any = {} if schema is None else {"schema": schema}
    return {"description": "", "content": dict.fromkeys(media_types, content)}


def test_json_with_a_schema_has_a_root() -> None:
    found = side({"200": of_type("application/json", schema={"type": "object"})})
    assert found.table == {"answers": {"200": {"application/json": "7.200.0"}}}
    (pointer,) = found.roots.values()
    assert pointer[-3:] == ("content", "application/json", "schema")


@pytest.mark.parametrize(
    ("media_type", "is_filtered"),
    [
        *(("application/json", True), ("application/hal+json", True), ("*/*", True)),
        *(("application/*", True), ("text/event-stream", False), ("text/*", False)),
        *(("application/octet-stream", False), ("application/x-ndjson", False)),
    ],
)
def test_other_media_types_pass_as_they_are(media_type: str, is_filtered: bool) -> None:
    (passes,) = answers({"200": of_type(media_type, schema={})})["200"].values()
    assert passes == ("7.200.0" if is_filtered else True)


def test_json_of_which_nothing_is_said_passes() -> None:
    assert answers({"200": of_type("application/json")})["200"] == {"application/json": True}


def test_a_media_type_is_found_with_and_without_its_parameters() -> None:
    found = answers({"200": of_type("Application/JSON; v=1", "application/json; v=2", schema={})})
    assert found["200"] == {
        "application/json;v=1": "7.200.0",
        "application/json": "7.200.0",
        "application/json;v=2": "7.200.1",
    }


def test_statuses_are_as_the_edge_looks_for_them() -> None:
    found = answers({s: {"description": ""} for s in ("204", "4xx", "default")})
    assert found == {"204": {}, "4XX": {}, "default": {}}


def test_a_part_may_leave_where_the_whole_passes_as_it_is() -> None:
    assert "206" not in answers({"200": of_type("application/json", schema={})})
    found = answers({"200": of_type("video/mp4")})
    assert found["206"] == {"video/mp4": True, "multipart/byteranges": True}
    own = answers({"200": of_type("video/mp4"), "206": {"description": ""}})
    assert own["206"] == {}
