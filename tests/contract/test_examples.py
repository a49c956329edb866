from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract import Contract, read_contract
from forecourt.contract.examples import NoExample, choose_example
from forecourt.contract.values import decode
from tests.contract.builders import PATH, a_contract, a_document, a_response, the_example


def answering(responses: dict[str, Any], **document: Any) -> Contract:
    return a_contract(paths={"/a": {"get": {"responses": responses}}}, **document)


def answering_with(content: dict[str, Any], **document: Any) -> Contract:
    return answering(
        {"200": {"description": "", "content": {"application/json": content}}}, **document
    )


# --- which response -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "wanted", "status", "value"),
    [
        (["404", "201", "200", "default"], None, 200, "200"),
        (["404", "201", "default"], None, 201, "201"),
        (["2XX", "default"], None, 200, "2XX"),
        (["default", "404"], None, 200, "default"),
        (["404", "302"], None, 302, "302"),
        (["200", "404"], 404, 404, "404"),
        (["200", "4XX"], 418, 418, "4XX"),
        (["200", "404", "4XX", "default"], 404, 404, "404"),
        (["200", "default"], 503, 503, "default"),
        (["200", "404"], 503, 200, "200"),
        (["5XX", "4XX"], None, 400, "4XX"),
        (["5XX"], None, 500, "5XX"),
        (["5XX"], 404, 500, "5XX"),
        (["3XX", "4XX"], None, 300, "3XX"),
        (["4xx"], None, 400, "4xx"),
        (["4XX", "503"], None, 503, "503"),
    ],
)
def test_answers_with(declared: list[str], wanted: int | None, status: int, value: str) -> None:
    example = the_example(answering({s: a_response(s) for s in declared}), status=wanted)
    assert (example.status, example.value) == (status, value)


@pytest.mark.parametrize("declared", [[], ["100"], ["1XX"]], ids=str)
@pytest.mark.parametrize("wanted", [None, 200])
def test_has_nothing_to_show_where_no_answer_is_declared(
    declared: list[str], wanted: int | None
) -> None:
    contract = answering({s: {"description": ""} for s in declared})
    (operation,) = contract.operations
    found = choose_example(
        decode(contract.document), operation, openapi=contract.openapi, status=wanted
    )
    assert isinstance(found, NoExample)
    assert (found.place, found.what) == ("/paths/~1a/get", "no response is declared")


def test_answers_without_a_body_where_none_is_declared() -> None:
    example = the_example(answering({"204": {"description": "done"}}))
    assert (example.status, example.media_type, example.value) == (204, None, None)


def test_takes_the_first_media_type() -> None:
    contents = {"text/csv": {"example": "a,b"}, "application/json": {"example": {}}}
    example = the_example(answering({"200": {"content": contents}}))
    assert (example.media_type, example.value) == ("text/csv", "a,b")


def test_takes_the_media_type_that_has_the_example_asked_for() -> None:
    contents = {
        "text/csv": {"example": "a,b"},
        "application/json": {"examples": {"one": {"value": 1}}},
    }
    example = the_example(answering({"200": {"content": contents}}), name="one")
    assert (example.media_type, example.value, example.name) == ("application/json", 1, "one")


# --- which example --------------------------------------------------------------------------------

TWO = {"examples": {"one": {"value": 1}, "two": {"$ref": "#/components/examples/Two"}}}
COMPONENTS = {"examples": {"Two": {"value": 2}}}


def test_takes_the_first_of_several() -> None:
    example = the_example(answering_with(TWO, components=COMPONENTS))
    assert (example.value, example.name) == (1, "one")


def test_takes_the_one_asked_for() -> None:
    example = the_example(answering_with(TWO, components=COMPONENTS), name="two")
    assert (example.value, example.name) == (2, "two")


def test_passes_over_a_name_that_nothing_has() -> None:
    example = the_example(answering_with(TWO, components=COMPONENTS), name="three")
    assert (example.value, example.name) == (1, "one")


def test_prefers_the_single_example_until_a_name_is_asked_for() -> None:
    contract = answering_with({"example": 0, **TWO}, components=COMPONENTS)
    assert the_example(contract).value == 0
    assert the_example(contract, name="one").value == 1


def test_passes_over_an_example_in_another_file() -> None:
    examples = {"far": {"externalValue": "https://acme.example/x.json"}, "near": {"value": "here"}}
    assert the_example(answering_with({"examples": examples})).value == "here"


def test_shows_an_example_that_is_null() -> None:
    example = the_example(answering_with({"examples": {"none": {"value": None}}}))
    assert (example.value, example.name) == (None, "none")


@pytest.mark.parametrize(
    "content",
    [
        {"example": {"$ref": "#/paths/~1things/get/x-paid"}},
        {"examples": {"paid": {"value": {"$ref": "#/paths/~1things/get/x-paid/value"}}}},
    ],
    ids=["to an example", "to a value"],
)
def test_an_example_that_is_a_reference_stands_for_what_is_there(content: Any) -> None:
    responses = {"200": {"description": "", "content": {"application/json": content}}}
    operation = {"responses": responses, "x-paid": {"summary": "Paid", "value": {"id": 1}}}
    assert the_example(a_contract(paths={"/things": {"get": operation}})).value == {"id": 1}


def test_an_example_that_is_a_reference_to_nothing_is_shown_as_it_is() -> None:
    value = {"$ref": "of the caller"}
    assert the_example(answering_with({"example": value})).value == value


def test_goes_on_to_the_schema_where_no_example_can_be_shown() -> None:
    content = {
        "examples": {"far": {"externalValue": "x"}},
        "schema": {"type": "string", "example": "s"},
    }
    assert the_example(answering_with(content)).value == "s"


def test_survives_examples_that_are_no_mapping() -> None:

    content = {"examples": ["a", "b"], "schema": {"type": "integer"}}
    responses = {"200": {"content": {"application/json": content}}}
    contract, _ = read_contract(a_document(paths={"/a": {"get": {"responses": responses}}}), PATH)
    assert contract is not None
    assert the_example(contract).value == 0


# --- made from the schema -------------------------------------------------------------------------

PERSON = {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}


def test_makes_a_value_where_there_is_no_example() -> None:
    example = the_example(answering_with({"schema": PERSON}))
    assert (example.value, example.seed) == ({"name": "string", "age": 0}, None)


def test_makes_another_for_a_seed() -> None:
    contract = answering_with({"schema": PERSON})
    first, again, other = (the_example(contract, seed=seed) for seed in ("a", "a", "b"))
    assert first == again
    assert first.value != other.value
    assert (first.seed, other.seed) == ("a", "b")


def test_a_seed_gives_two_statuses_different_values() -> None:
    content = {"application/json": {"schema": PERSON}}
    contract = answering({"200": {"content": content}, "404": {"content": content}})
    assert (
        the_example(contract, seed="a").value != the_example(contract, seed="a", status=404).value
    )


def test_shows_an_example_that_breaks_its_schema_as_it_is() -> None:
    contract, _ = read_contract(
        a_document(
            paths={
                "/a": {
                    "get": {
                        "responses": {
                            "200": {
                                "description": "",
                                "content": {"application/json": {"schema": PERSON, "example": "x"}},
                            }
                        }
                    }
                }
            }
        ),
        PATH,
    )
    assert contract is not None
    assert the_example(contract).value == "x"


def test_says_that_there_is_no_example_and_why() -> None:
    contract = answering_with(
        {"schema": {"type": "array", "items": {"enum": [1]}, "minItems": 2000}}
    )
    (operation,) = contract.operations
    found = choose_example(decode(contract.document), operation, openapi=contract.openapi)
    assert isinstance(found, NoExample)
    assert found.place == "/paths/~1a/get/responses/200/content/application~1json/schema"
    assert found.reason == "a list of 2000 items or more is not made"


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        (["application/xml", "application/json"], "application/json"),
        (["application/pdf", "text/plain"], "text/plain"),
        (["application/json", "text/plain"], "application/json"),
        (["application/pdf", "image/png"], "application/pdf"),
    ],
    ids=str,
)
def test_takes_the_first_media_type_that_it_can_write(contents: list[str], expected: str) -> None:
    declared = {name: {"schema": {"type": "string"}} for name in contents}
    assert the_example(answering({"200": {"content": declared}})).media_type == expected


def test_makes_no_value_of_which_nobody_said_how_it_is_written() -> None:
    example = the_example(answering({"200": {"content": {"application/pdf": {"schema": PERSON}}}}))
    assert (example.media_type, example.value) == ("application/pdf", None)
