"""What an audience does not see is nowhere in its projection."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forecourt.contract import Contract, Operation, read_contract
from forecourt.contract.projection import project, projected, seen
from forecourt.contract.values import decode, descend
from forecourt.estate.audience import Audience
from tests.contract.builders import PATH, a_contract, an_operation

INTERNAL, PARTNER, PUBLIC = Audience

FOR_US: dict[str, Any] = {"x-audience": "internal"}
FOR_PARTNERS: dict[str, Any] = {"x-audience": "partner"}


def for_public(**document: Any) -> dict[str, Any]:
    """The document of the public projection."""
    root = decode(project(a_contract(**document), PUBLIC).document)
    assert isinstance(root, dict)
    return root


def answering(schema: Any, **beside: Any) -> dict[str, Any]:
    """One operation that answers such a body."""
    content = {"application/json": {"schema": schema, **beside}}
    return {"/things": {"get": {"responses": {"200": {"description": "", "content": content}}}}}


def schema_for_public(schema: Any, components: Any = None, **beside: Any) -> Any:
    """What the public sees of the schema of the one answer."""
    root = for_public(paths=answering(schema, **beside), components=components)
    at = ("paths", "/things", "get", "responses", "200", "content", "application/json", "schema")
    return descend(root, at)


def operations(contract: Contract) -> list[str]:
    return [str(o) for o in contract.operations]


# --- operations and their parts -------------------------------------------------------------------


def test_nothing_is_copied_where_nothing_is_marked() -> None:
    contract = a_contract()
    assert project(contract, PUBLIC) is contract
    assert seen(contract, PUBLIC) is contract


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (INTERNAL, ["GET /a", "PUT /a", "GET /b", "GET /c"]),
        (PARTNER, ["GET /a", "PUT /a", "GET /c"]),
        (PUBLIC, ["GET /a"]),
    ],
)
def test_an_operation_is_there_for_those_who_see_its_path_and_itself(
    audience: Audience, expected: list[str]
) -> None:
    paths = {
        "/a": {"get": an_operation(), "put": an_operation(**FOR_PARTNERS)},
        "/b": {"get": an_operation(**FOR_PARTNERS), **FOR_US},
        "/c": {"get": an_operation(), **FOR_PARTNERS},
    }
    contract = a_contract(paths=paths)
    assert operations(project(contract, audience)) == expected
    assert operations(seen(contract, audience)) == expected


def test_a_path_by_reference_is_hidden_by_a_mark_at_either_end() -> None:
    items = {"plain": {"get": an_operation()}, "ours": {"get": an_operation(), **FOR_US}}
    paths = {
        "/a": {"$ref": "#/x-items/plain"},
        "/b": {"$ref": "#/x-items/ours"},
        "/c": {"$ref": "#/x-items/plain", **FOR_US},
    }
    contract = a_contract(paths=paths, **{"x-items": items})
    assert operations(project(contract, PUBLIC)) == ["GET /a"]
    assert "x-items" not in decode(project(contract, PUBLIC).document)  # type: ignore[operator]


def the_operation(**operation: Any) -> tuple[Operation, Operation]:
    """An operation as the public sees it: in the projection, and in the whole document."""
    contract = a_contract(paths={"/things": {"get": an_operation(**operation)}})
    (shown,), (whole,) = project(contract, PUBLIC).operations, seen(contract, PUBLIC).operations
    return shown, whole


def test_parameters_are_hidden_by_their_marks_or_those_of_their_schemas() -> None:
    def parameter(name: str, **more: Any) -> dict[str, Any]:
        return {"name": name, "in": "query", "schema": {"type": "string"}, **more}

    for operation in the_operation(
        parameters=[
            parameter("a"),
            parameter("b", **FOR_US),
            parameter("c", schema={"type": "string", **FOR_US}),
            parameter("d"),
        ]
    ):
        assert [p.name for p in operation.parameters] == ["a", "d"]


def test_pointers_lead_to_the_same_parameter_in_either_document() -> None:
    parameters = [{"name": n, "in": "query", "schema": {"title": n}} for n in "abc"]
    parameters[0] |= FOR_US
    contract = a_contract(paths={"/a": {"get": an_operation(parameters=parameters)}})
    for view in (project(contract, PUBLIC), seen(contract, PUBLIC)):
        (operation,) = view.operations
        root = decode(view.document)
        titles = [descend(root, (*(p.schema or ()), "title")) for p in operation.parameters]
        assert titles == ["b", "c"]


def test_responses_headers_media_types_and_bodies_are_hidden() -> None:
    schema = {"schema": {"type": "string"}}
    for operation in the_operation(
        requestBody={"content": {"text/plain": {**schema, **FOR_US}}},
        responses={
            "200": {
                "description": "",
                "headers": {"X-A": schema, "X-B": {**schema, **FOR_PARTNERS}},
                "content": {"text/plain": schema, "text/csv": {"schema": dict(FOR_US)}},
            },
            "202": {"description": "", **FOR_US},
            "203": {"description": "", "content": {"text/csv": {**schema, **FOR_US}}},
        },
    ):
        (answer,) = operation.responses
        assert [h.name for h in answer.headers] == ["X-A"]
        assert [c.media_type for c in answer.contents] == ["text/plain"]
        assert operation.body is None


# --- schemas --------------------------------------------------------------------------------------


def test_a_property_that_is_hidden_is_neither_declared_nor_required() -> None:
    assert schema_for_public(
        {
            "type": "object",
            "required": ["id", "cost"],
            "dependentRequired": {"id": ["cost"], "cost": ["id"]},
            "properties": {
                "id": {},
                "cost": dict(FOR_US),
                "risk": {"$ref": "#/components/schemas/R"},
            },
        },
        {"schemas": {"R": FOR_PARTNERS}},
    ) == {
        "type": "object",
        "required": ["id"],
        "dependentRequired": {"id": []},
        "properties": {"id": {}},
    }


def test_where_all_properties_are_hidden_none_is_left_and_nothing_else_is_let_in() -> None:
    assert schema_for_public({"properties": {"cost": FOR_US}, "required": ["cost"]}) == {
        "properties": {}
    }


def test_a_name_is_not_required_in_another_part_either() -> None:
    schema = schema_for_public(
        {
            "properties": {"id": {}, "cost": dict(FOR_US)},
            "allOf": [{"required": ["cost", "id"]}],
        }
    )
    assert schema["allOf"] == [{"required": ["id"]}]


def test_values_that_are_hidden_are_gone_with_what_is_said_of_them() -> None:
    assert schema_for_public(
        {
            "type": "string",
            "enum": ["free", "gold"],
            "default": "gold",
            "x-enum-audience": {"gold": "partner"},
            "x-enum-fallback": "free",
            "x-enum-varnames": ["Free", "Gold"],
            "x-order": ["gold", "free"],
            "x-kind": "plan",
        }
    ) == {"type": "string", "enum": ["free"], "x-kind": "plan"}


def test_branches_that_are_hidden_are_gone() -> None:
    components = {
        "schemas": {
            "Ours": {"properties": {"cost": {}}, **FOR_US},
            "All": {"properties": {"id": {}}},
        }
    }
    ours, everybody = ({"$ref": f"#/components/schemas/{n}"} for n in ("Ours", "All"))
    assert schema_for_public({"allOf": [everybody, ours]}, components) == {"allOf": [everybody]}
    assert schema_for_public({"oneOf": [ours, everybody]}, components) == {"oneOf": [everybody]}


@pytest.mark.parametrize(
    "schema",
    [
        {"allOf": [dict(FOR_US)]},
        {"allOf": [dict(FOR_US), {"description": "no more than words"}]},
        {"type": "object", "allOf": [dict(FOR_US)]},
        {"anyOf": [dict(FOR_US), {"oneOf": [dict(FOR_PARTNERS)]}]},
        {"enum": ["gold"], "x-enum-audience": {"gold": "partner"}},
    ],
    ids=str,
)
def test_a_schema_of_which_nothing_is_left_hides_what_it_describes(schema: Any) -> None:
    """What says nothing lets everything leave."""
    whole = {"properties": {"id": {}, "cost": schema}}
    assert schema_for_public(whole) == {"properties": {"id": {}}}


def test_what_stands_for_any_value_stands_for_none_once_it_is_hidden() -> None:
    assert schema_for_public(
        {
            "items": dict(FOR_US),
            "additionalProperties": dict(FOR_US),
            "prefixItems": [{}, dict(FOR_US)],
        }
    ) == {"items": {"not": {}}, "additionalProperties": False, "prefixItems": [{}, {"not": {}}]}


def test_a_circle_stays_one() -> None:
    node = {"properties": {"next": {"$ref": "#/components/schemas/Node"}, "cost": FOR_US}}
    root = for_public(
        paths=answering({"$ref": "#/components/schemas/Node"}),
        components={"schemas": {"Node": node}},
    )
    assert root["components"]["schemas"]["Node"] == {
        "properties": {"next": {"$ref": "#/components/schemas/Node"}}
    }


def test_a_discriminator_names_only_what_is_there() -> None:
    card = {"properties": {"kind": {"type": "string"}}}
    schema = schema_for_public(
        {
            "oneOf": [
                {"$ref": "#/components/schemas/Card"},
                {"$ref": "#/components/schemas/Voucher"},
            ],
            "discriminator": {
                "propertyName": "kind",
                "mapping": {"card": "Card", "gift": "#/components/schemas/Voucher"},
            },
        },
        {"schemas": {"Card": card, "Voucher": {**card, **FOR_US}}},
    )
    assert schema == {
        "oneOf": [{"$ref": "#/components/schemas/Card"}],
        "discriminator": {"propertyName": "kind", "mapping": {"card": "#/components/schemas/Card"}},
    }


def test_a_discriminator_by_a_hidden_property_is_gone() -> None:
    schema = schema_for_public(
        {"properties": {"kind": dict(FOR_US)}, "discriminator": {"propertyName": "kind"}}
    )
    assert schema == {"properties": {}}


def test_what_is_written_inside_something_hidden_is_hidden_wherever_it_is_used() -> None:
    inside = "#/paths/~1ours/get/responses/200/content/application~1json/schema"
    paths = {**answering({"properties": {"id": {}, "copy": {"$ref": inside}}})}
    paths["/ours"] = {**answering({"properties": {"cost": {}}})["/things"], **FOR_US}
    root = for_public(paths=paths)
    assert "cost" not in json.dumps(root)
    assert "ours" not in json.dumps(root)


# --- what stands around ---------------------------------------------------------------------------


def test_components_tags_schemes_and_scopes_that_only_hidden_operations_use_are_gone() -> None:
    flows = {"clientCredentials": {"tokenUrl": "/t", "scopes": {"read": "r", "audit": "a"}}}
    root = for_public(
        paths={
            "/a": {"get": an_operation(tags=["shop"], security=[{"oauth": ["read"]}])},
            "/b": {
                "get": {
                    "tags": ["shop", "audit"],
                    "security": [{"oauth": ["audit"]}, {"ours": []}],
                    "responses": {"200": {"$ref": "#/components/responses/Audited"}},
                    **FOR_US,
                }
            },
        },
        tags=[{"name": "shop"}, {"name": "audit"}, {"name": "later"}],
        components={
            "responses": {"Audited": {"description": ""}, "Unused": {"description": ""}},
            "securitySchemes": {
                "oauth": {"type": "oauth2", "flows": flows},
                "ours": {"type": "apiKey", "in": "header", "name": "X-Ours"},
            },
        },
        **{"x-tagGroups": [{"name": "all", "tags": ["shop", "audit"]}]},
    )
    assert root["tags"] == [{"name": "shop"}, {"name": "later"}]
    (scheme,) = root["components"]["securitySchemes"].values()
    assert scheme["flows"]["clientCredentials"]["scopes"] == {"read": "r"}
    assert list(root["components"]) == ["securitySchemes"]
    assert "x-tagGroups" not in root


def test_a_component_that_both_use_stays_for_those_who_see_one() -> None:
    shared = {"$ref": "#/components/responses/Fine"}
    root = for_public(
        paths={
            "/a": {"get": {"responses": {"200": shared}}},
            "/b": {"get": {"responses": {"200": shared}, **FOR_US}},
        },
        components={"responses": {"Fine": {"description": "fine"}}},
    )
    assert root["components"]["responses"] == {"Fine": {"description": "fine"}}


def test_links_and_callbacks_lead_to_nothing_hidden() -> None:
    schema = {"properties": {"id": {}, "cost": dict(FOR_US), "url": {"type": "string"}}}
    answer = answering(schema)["/things"]["get"]["responses"]["200"]
    answer["links"] = {
        "self": {"operationId": "read", "parameters": {"id": "$response.body#/id"}},
        "audit": {"operationId": "audit"},
        "byPath": {"operationRef": "#/paths/~1audit/get"},
        "byCost": {"operationId": "read", "parameters": {"id": "$response.body#/cost"}},
    }
    hook = {"post": {"responses": {"200": {"description": ""}}}}
    root = for_public(
        paths={
            "/things": {
                "get": {
                    "operationId": "read",
                    "responses": {"200": answer},
                    "callbacks": {
                        "fine": {"{$request.body#/url}": hook},
                        "ours": {"{$request.body#/cost}": hook},
                        "marked": {"{$request.body#/url}": {**hook, **FOR_US}},
                    },
                }
            },
            "/audit": {"get": an_operation(operationId="audit", **FOR_US)},
        }
    )
    operation = root["paths"]["/things"]["get"]
    assert list(operation["responses"]["200"]["links"]) == ["self"]
    assert operation["callbacks"] == {"fine": {"{$request.body#/url}": hook}, "marked": {}}


def test_webhooks_are_hidden_like_paths() -> None:
    hook = {"post": {"responses": {"200": {"description": ""}}}}
    root = for_public(
        webhooks={"a": hook, "b": {**hook, **FOR_US}, "c": {"post": {**hook["post"], **FOR_US}}}
    )
    assert root["webhooks"] == {"a": hook, "c": {}}


def test_what_stands_in_other_files_moves_among_the_components() -> None:
    text = json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "", "version": ""},
            "paths": answering({"$ref": "secret-name.yaml#/Thing"}),
            "components": {"schemas": {"Thing": {}}},
        }
    )
    other = """\
Thing: {properties: {id: {$ref: '#/Id'}, cost: {x-audience: internal}}}
Id: {type: integer}
"""
    contract, found = read_contract(text, PATH, {"apis/shop/secret-name.yaml": other}.get)
    assert contract is not None
    assert found == ()
    root: Any = decode(project(contract, PUBLIC).document)
    assert root["components"] == {
        "schemas": {
            "Id": {"type": "integer"},
            "Thing-2": {"properties": {"id": {"$ref": "#/components/schemas/Id"}}},
        }
    }
    assert "secret-name" not in json.dumps(root)


# --- examples -------------------------------------------------------------------------------------

THING = {
    "properties": {
        "id": {},
        "cost": dict(FOR_US),
        "parts": {"items": {"$ref": "#/components/schemas/Part"}},
    }
}
PART = {"allOf": [{"properties": {"name": {}}}, {"properties": {"maker": dict(FOR_PARTNERS)}}]}
SHOWN = {"id": 1, "parts": [{"name": "a"}]}
WHOLE = {"id": 1, "cost": 7, "parts": [{"name": "a", "maker": "b"}]}


def test_examples_are_shown_without_what_is_hidden() -> None:
    root = for_public(
        paths=answering(
            {"$ref": "#/components/schemas/Thing"},
            examples={
                "here": {"summary": "s", "value": WHOLE},
                "kept": {"$ref": "#/components/examples/Kept"},
                "elsewhere": {"externalValue": "https://shop.example/a.json"},
            },
        ),
        components={
            "schemas": {"Thing": {**THING, "example": WHOLE}, "Part": PART},
            "examples": {"Kept": {"value": WHOLE}},
        },
    )
    content = root["paths"]["/things"]["get"]["responses"]["200"]["content"]["application/json"]
    assert content["examples"] == {
        "here": {"summary": "s", "value": SHOWN},
        "kept": {"value": SHOWN},
    }
    assert root["components"]["schemas"]["Thing"]["example"] == SHOWN
    assert list(root["components"]) == ["schemas"]


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        ({"enum": ["free", "gold"], "x-enum-audience": {"gold": "partner"}}, "gold"),
        ({"oneOf": [{"type": "string"}, {"type": "integer", **FOR_US}]}, 5),
        (
            {"properties": {"a": {}, "cost": dict(FOR_US)}, "additionalProperties": True},
            {"b": {"cost": 1}},
        ),
    ],
    ids=["a hidden value", "perhaps of a hidden branch", "a hidden name elsewhere"],
)
def test_an_example_that_cannot_be_shown_without_it_is_not_shown(schema: Any, example: Any) -> None:
    root = for_public(paths=answering(schema, example=example))
    content = root["paths"]["/things"]["get"]["responses"]["200"]["content"]["application/json"]
    assert "example" not in content


def test_an_example_in_which_nothing_is_hidden_stays_as_it_is() -> None:
    paths = answering({"properties": {"cost": {}}}, example={"cost": 1})
    paths["/ours"] = {"get": an_operation(), **FOR_US}
    root = for_public(paths=paths)
    content = root["paths"]["/things"]["get"]["responses"]["200"]["content"]["application/json"]
    assert content["example"] == {"cost": 1}


# --- the marks themselves -------------------------------------------------------------------------


@pytest.mark.parametrize("audience", Audience)
def test_no_mark_is_left_for_anybody(audience: Audience) -> None:
    contract = a_contract(
        paths={
            "/a": {
                **FOR_PARTNERS,
                "get": an_operation(
                    **FOR_US, parameters=[{"name": "q", "in": "query", "schema": {}, **FOR_US}]
                ),
            },
            "/b": {"get": an_operation()},
        },
        components={"schemas": {"Unused": FOR_US}},
    )
    shown = project(contract, audience)
    assert b"audience" not in shown.document
    assert shown.audience_marks == ()
    assert not any(o.has_audience_marks for o in shown.operations)


def test_a_property_may_be_called_like_a_mark() -> None:
    named = {"properties": {"x-audience": {"type": "string"}, "cost": dict(FOR_US)}}
    assert schema_for_public(named) == {"properties": {"x-audience": {"type": "string"}}}


def test_a_word_that_is_none_hides_from_everybody() -> None:
    text = json.dumps(
        {"openapi": "3.1.0", "paths": {"/a": {"get": an_operation(**{"x-audience": "all"})}}}
    )
    contract, _ = read_contract(text, PATH)
    assert contract is not None
    assert operations(project(contract, INTERNAL)) == []


def test_a_contract_without_marks_can_be_written_anew_to_be_shown() -> None:
    contract = a_contract(components={"schemas": {"Unused": {}}})
    assert "components" not in json.loads(projected(contract, PUBLIC).document)


# --- references where nobody expects them ---------------------------------------------------------


def test_a_schema_that_is_the_whole_document_says_nothing_and_is_kept() -> None:
    schema = {"properties": {"a": {"$ref": "#"}, "b": FOR_US}}
    root = for_public(paths=answering(schema))
    at = ("paths", "/things", "get", "responses", "200", "content", "application/json", "schema")
    assert descend(root, at) == {"properties": {"a": {"$ref": "#/components/schemas/document"}}}
    assert root["components"] == {"schemas": {"document": {}}}


def test_properties_that_are_all_schemas_and_so_their_own_end() -> None:
    odd = {"type": "object", "properties": {"$ref": "#/components/schemas", "b": FOR_US}}
    schemas = {"Foo": odd, "Bar": {"type": "string"}, "Ours": FOR_US}
    root = for_public(
        paths=answering({"$ref": "#/components/schemas/Foo"}), components={"schemas": schemas}
    )
    inside = {name: {"$ref": f"#/components/schemas/{name}"} for name in ("Foo", "Bar")}
    assert root["components"] == {
        "schemas": {"Foo": {"type": "object", "properties": inside}, "Bar": {"type": "string"}}
    }


def test_contents_that_lead_back_to_themselves_end() -> None:
    header = {"content": {"$ref": "#/components/responses/A/content"}}
    content = {"text/plain": {"schema": FOR_US, "encoding": {"a": {"headers": {"X": header}}}}}
    content |= {"text/html": {"encoding": {"a": {"headers": {"X": header}}}}}
    root = for_public(
        paths={"/things": {"get": {"responses": {"200": {"$ref": "#/components/responses/A"}}}}},
        components={"responses": {"A": {"description": "", "content": content}}},
    )
    assert descend(root, ("components", "responses", "A", "content", "text/html")) is not None


def test_properties_of_a_hidden_schema_are_not_shown_where_another_refers_to_them() -> None:
    theirs = {"properties": {"$ref": "#/components/schemas/Ours/properties"}}
    schemas = {"Ours": {**FOR_US, "properties": {"secret": {"type": "string"}}}}
    assert schema_for_public(theirs, {"schemas": schemas}) == {"properties": {}}


def test_a_tag_whose_name_is_no_word_is_none_of_what_is_hidden() -> None:
    tags = [{"name": {"a": "b"}}, {"name": "shown"}, 3]
    marked = answering({"properties": {"b": FOR_US}})
    assert for_public(paths=marked, tags=tags)["tags"] == tags


def test_names_that_are_no_words_are_none_of_what_is_hidden() -> None:
    schema = {
        "properties": {"b": FOR_US, "c": {}},
        "dependentRequired": {"c": [{"b": 1}, "b", "c"]},
        "discriminator": {"propertyName": ["b"]},
    }
    shown = schema_for_public(schema)
    assert shown["dependentRequired"] == {"c": [{"b": 1}, "c"]}
