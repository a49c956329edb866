"""What may stand where in a document: OpenAPI 3.0.4 and 3.1.1 as one table.

Sources: https://spec.openapis.org/oas/v3.0.4, https://spec.openapis.org/oas/v3.1.1 and
https://json-schema.org/draft/2020-12 for schemas. Where the two versions differ, the table takes
both: what one of them means is clear to read in the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Kind = Literal[
    "operation",
    "parameter",
    "request body",
    "media type",
    "encoding",
    "response",
    "header",
    "schema",
    "example",
    "link",
    "callback",
    "path item",
    "document",
    "info",
    "components",
    "server",
    "server variable",
    "security scheme",
]


@dataclass(frozen=True, slots=True)
class Form:
    """One thing of a kind, a list of them, or a mapping from names to them."""

    kind: Kind
    how: Literal["one", "list", "map"] = "one"


# Values that hold nothing further: a text, true or false, a number, a list of texts, or a list.
Plain = Literal["text", "flag", "number", "texts", "list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What stands at a key: things of a kind, a plain value, or data of any form (neither).

    `matters`: an operation cannot be served without what it says. The rest is for people to read.
    """

    form: Form | None = None
    plain: Plain | None = None
    matters: bool = False


def _one(kind: Kind) -> Field:
    return Field(form=Form(kind), matters=True)


def _list(kind: Kind) -> Field:
    return Field(form=Form(kind, "list"), matters=True)


def _map(kind: Kind) -> Field:
    return Field(form=Form(kind, "map"), matters=True)


def _plain(plain: Plain) -> Field:
    return Field(plain=plain, matters=True)


def _aside(field: Field) -> Field:
    return Field(form=field.form, plain=field.plain)


_DATA = Field()
_WORDS = Field(plain="text")
_ABOUT = {"summary": _WORDS, "description": _WORDS}
_EXAMPLES = {"example": _DATA, "examples": _aside(_map("example"))}
_SCHEMA = _one("schema")

_DESCRIBED = {
    "description": _WORDS,
    "required": _plain("flag"),
    "deprecated": Field(plain="flag"),
    "allowEmptyValue": Field(plain="flag"),
    "style": _plain("text"),
    "explode": _plain("flag"),
    "allowReserved": _plain("flag"),
    "schema": _SCHEMA,
    "content": _map("media type"),
    **_EXAMPLES,
}

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

SHAPES: Mapping[Kind, Mapping[str, Field]] = MappingProxyType(
    {
        "path item": {
            **_ABOUT,
            **dict.fromkeys(METHODS, _one("operation")),
            "servers": _DATA,
            "parameters": _list("parameter"),
        },
        "document": {
            **dict.fromkeys(("openapi", "jsonSchemaDialect"), _WORDS),
            **dict.fromkeys(("info", "servers", "paths", "webhooks", "components"), _DATA),
            **dict.fromkeys(("security", "tags", "externalDocs"), _DATA),
        },
        "info": {
            **dict.fromkeys(("title", "summary", "description", "version"), _WORDS),
            **dict.fromkeys(("termsOfService", "contact", "license"), _DATA),
        },
        "server": {"url": _WORDS, "description": _WORDS, "variables": _DATA},
        "server variable": {
            "enum": Field(plain="texts"),
            "default": _WORDS,
            "description": _WORDS,
        },
        "components": {
            **dict.fromkeys(("schemas", "responses", "parameters", "examples"), _DATA),
            **dict.fromkeys(("requestBodies", "headers", "securitySchemes", "links"), _DATA),
            **dict.fromkeys(("callbacks", "pathItems"), _DATA),
        },
        "security scheme": {
            **dict.fromkeys(("type", "description", "name", "in", "scheme"), _WORDS),
            **dict.fromkeys(("bearerFormat", "openIdConnectUrl"), _WORDS),
            "flows": _DATA,
        },
        "operation": {
            **_ABOUT,
            "tags": Field(plain="texts"),
            "externalDocs": _DATA,
            "operationId": _WORDS,
            "parameters": _list("parameter"),
            "requestBody": _one("request body"),
            "responses": _map("response"),
            "callbacks": _aside(_map("callback")),
            "deprecated": Field(plain="flag"),
            "security": _plain("list"),
            "servers": _DATA,
        },
        "parameter": {"name": _plain("text"), "in": _plain("text"), **_DESCRIBED},
        "header": _DESCRIBED,
        "request body": {
            "description": _WORDS,
            "content": _map("media type"),
            "required": _plain("flag"),
        },
        "media type": {"schema": _SCHEMA, **_EXAMPLES, "encoding": _map("encoding")},
        "encoding": {
            "contentType": _plain("text"),
            "headers": _map("header"),
            "style": _plain("text"),
            "explode": _plain("flag"),
            "allowReserved": _plain("flag"),
        },
        "response": {
            **_ABOUT,
            "headers": _map("header"),
            "content": _map("media type"),
            "links": _aside(_map("link")),
        },
        "example": {**_ABOUT, "value": _DATA, "externalValue": _WORDS},
        "link": {
            "operationRef": _WORDS,
            "operationId": _WORDS,
            "parameters": _DATA,
            "requestBody": _DATA,
            "description": _WORDS,
            "server": _DATA,
        },
        "callback": {},
        "schema": {
            "title": _WORDS,
            "description": _WORDS,
            "type": _DATA,
            "enum": _plain("list"),
            "const": _DATA,
            "default": _DATA,
            "format": _plain("text"),
            # Numbers.
            **dict.fromkeys(("multipleOf", "maximum", "minimum"), _plain("number")),
            # In 3.0 these two say whether the bound itself is allowed.
            **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum"), _DATA),
            # Texts.
            **dict.fromkeys(("maxLength", "minLength"), _plain("number")),
            "pattern": _plain("text"),
            **dict.fromkeys(("contentEncoding", "contentMediaType"), _plain("text")),
            "contentSchema": _SCHEMA,
            # Lists. `items` was a list of schemas before `prefixItems` was.
            **dict.fromkeys(("items", "additionalItems", "unevaluatedItems", "contains"), _SCHEMA),
            "prefixItems": _list("schema"),
            **dict.fromkeys(
                ("maxItems", "minItems", "maxContains", "minContains"), _plain("number")
            ),
            "uniqueItems": _plain("flag"),
            # Objects.
            **dict.fromkeys(
                ("properties", "patternProperties", "dependentSchemas"), _map("schema")
            ),
            **dict.fromkeys(
                ("additionalProperties", "unevaluatedProperties", "propertyNames"), _SCHEMA
            ),
            "required": _plain("texts"),
            "dependentRequired": _DATA,
            **dict.fromkeys(("maxProperties", "minProperties"), _plain("number")),
            # Together.
            **dict.fromkeys(("allOf", "anyOf", "oneOf"), _list("schema")),
            **dict.fromkeys(("not", "if", "then", "else"), _SCHEMA),
            # What OpenAPI adds.
            **dict.fromkeys(("nullable", "readOnly", "writeOnly"), _plain("flag")),
            "deprecated": Field(plain="flag"),
            **dict.fromkeys(("discriminator", "xml", "externalDocs"), _DATA),
            "example": _DATA,
            "examples": Field(plain="list"),
            # Where other schemas are kept; they count where something refers to them.
            **dict.fromkeys(("$defs", "definitions"), _DATA),
            **dict.fromkeys(
                (
                    *("$id", "$schema", "$anchor", "$comment", "$vocabulary"),
                    *("$dynamicRef", "$dynamicAnchor"),
                ),
                _DATA,
            ),
        },
    }
)
