"""For every kind of change two small documents that show it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forecourt.contract.comparison.catalogue import BY_ID
from tests.contract.comparison.documents import answering, document, operation, posting, receiving

_TEXT = {"type": "string"}
_OBJECT = {"type": "object", "properties": {"a": _TEXT, "b": {"type": "integer"}}}
_CAT = {"type": "object", "required": ["meow"], "properties": {"meow": _TEXT}}
_DOG = {"type": "object", "required": ["bark"], "properties": {"bark": {"type": "integer"}}}
_EGG = {"type": "object", "required": ["shell"], "properties": {"shell": _TEXT, "kind": _TEXT}}
_TOLD = {"oneOf": [_CAT, _DOG], "discriminator": {"propertyName": "kind"}}


def _list(**said: Any) -> dict[str, Any]:
    return {"type": "array", **said}


def _object(**said: Any) -> dict[str, Any]:
    return {**_OBJECT, **said}


def _told(**mapping: str) -> dict[str, Any]:
    return {"oneOf": [_CAT, _DOG], "discriminator": {"propertyName": "kind", "mapping": mapping}}


def _asked(per_minute: int | None) -> dict[str, Any]:
    """A document whose operation may be asked for so often."""
    limit = {} if per_minute is None else {"x-rate-limit": {"requests_per_minute": per_minute}}
    return document(paths={"/things": {"get": operation(**limit)}})


# A schema and the one that follows it. What is shown for a change shows its reverse, backwards.
FACETS: dict[str, tuple[Any, Any]] = {
    "type-narrowed": ({"type": ["string", "integer"]}, _TEXT),
    "type-changed": (_TEXT, {"type": "integer"}),
    "null-refused": ({"type": ["string", "null"]}, _TEXT),
    "value-refused": (_TEXT, False),
    "enum-added": (_TEXT, {"type": "string", "enum": ["a", "b"]}),
    "enum-value-removed": ({"enum": ["a", "b"]}, {"enum": ["a"]}),
    "extensible-value-removed": (
        {"type": "string", "x-extensible-enum": ["a", "b"]},
        {"type": "string", "x-extensible-enum": ["a"]},
    ),
    "minimum-raised": ({"type": "number", "minimum": 1}, {"type": "number", "minimum": 2}),
    "maximum-lowered": ({"type": "number"}, {"type": "number", "exclusiveMaximum": 2}),
    "multiple-of-narrowed": (
        {"type": "integer", "multipleOf": 5},
        {"type": "integer", "multipleOf": 10},
    ),
    "multiple-of-changed": (
        {"type": "integer", "multipleOf": 2},
        {"type": "integer", "multipleOf": 3},
    ),
    "min-length-raised": (_TEXT, {"type": "string", "minLength": 1}),
    "max-length-lowered": ({"type": "string", "maxLength": 9}, {"type": "string", "maxLength": 8}),
    "pattern-added": (_TEXT, {"type": "string", "pattern": "^a"}),
    "pattern-changed": ({"type": "string", "pattern": "^a"}, {"type": "string", "pattern": "^b"}),
    "format-narrowed": (
        {"type": "integer", "format": "int64"},
        {"type": "integer", "format": "int32"},
    ),
    "format-changed": ({"type": "string", "format": "date"}, {"type": "string", "format": "uuid"}),
    "content-changed": (_TEXT, {"type": "string", "contentEncoding": "base64"}),
    "property-became-required": (_OBJECT, _object(required=["a"])),
    "other-properties-refused": (_OBJECT, _object(additionalProperties=False)),
    "min-properties-raised": (_OBJECT, _object(minProperties=1)),
    "max-properties-lowered": (_object(maxProperties=2), _object(maxProperties=1)),
    "pattern-property-added": (_OBJECT, _object(patternProperties={"^x": _TEXT})),
    "property-names-added": (_OBJECT, _object(propertyNames={"pattern": "^[ab]"})),
    "dependent-required-added": (_OBJECT, _object(dependentRequired={"a": ["b"]})),
    "dependent-schema-added": (_OBJECT, _object(dependentSchemas={"a": {"required": ["b"]}})),
    "min-items-raised": (_list(), _list(minItems=1)),
    "max-items-lowered": (_list(maxItems=3), _list(maxItems=2)),
    "unique-items-demanded": (_list(), _list(uniqueItems=True)),
    "contains-added": (_list(), _list(contains=_TEXT)),
    "min-contains-raised": (
        _list(contains=_TEXT, minContains=1),
        _list(contains=_TEXT, minContains=2),
    ),
    "max-contains-lowered": (_list(contains=_TEXT), _list(contains=_TEXT, maxContains=2)),
    "unevaluated-refused": (_OBJECT, _object(unevaluatedProperties=False)),
    "alternative-removed": ({"oneOf": [_CAT, _DOG, _EGG]}, {"oneOf": [_DOG, _CAT]}),
    "alternatives-demanded": (_OBJECT, _object(anyOf=[{"required": ["a"]}, {"required": ["b"]}])),
    "condition-added": (
        _OBJECT,
        _object(**{"if": {"required": ["a"]}, "then": {"required": ["b"]}}),
    ),
    "condition-changed": (
        _object(**{"if": {"required": ["a"]}, "then": {"required": ["b"]}}),
        _object(**{"if": {"minProperties": 2}, "then": {"required": ["b"]}}),
    ),
    "exclusion-grown": (_TEXT, {"type": "string", "not": {"enum": ["a"]}}),
    "exclusion-changed": ({"not": {"enum": ["a"]}}, {"not": {"enum": ["b"]}}),
    "discriminator-added": ({"oneOf": [_CAT, _DOG]}, _TOLD),
    "discriminator-changed": (
        _TOLD,
        {"oneOf": [_CAT, _DOG], "discriminator": {"propertyName": "sort"}},
    ),
    "discriminator-value-removed": (_told(cat="Cat", dog="Dog"), _told(cat="Cat")),
    "discriminator-value-changed": (_told(cat="Cat"), _told(cat="Dog")),
    "default-added": (_TEXT, {"type": "string", "default": "a"}),
    "default-changed": ({"type": "string", "default": "a"}, {"type": "string", "default": "b"}),
    "deprecated": (_TEXT, {"type": "string", "deprecated": True}),
}

# Kinds of one direction only, and what is the same alternative in either.
ONE_WAY: dict[str, tuple[Any, Any]] = {
    "request-alternatives-rearranged": (
        {"anyOf": [_CAT, {**_CAT, "required": []}, _DOG]},
        {"anyOf": [{**_CAT, "required": []}, _DOG]},
    ),
    "response-alternatives-rearranged": (
        {"anyOf": [{**_CAT, "required": []}, _DOG]},
        {"anyOf": [_CAT, {**_CAT, "required": []}, _DOG]},
    ),
    "request-became-read-only": (
        _OBJECT,
        _object(properties={"a": _TEXT, "b": {"readOnly": True}}),
    ),
    "response-became-write-only": (
        _object(required=["b"]),
        _object(properties={"a": _TEXT, "b": {"writeOnly": True}}),
    ),
    "request-property-added": (_object(properties={"a": _TEXT}), _OBJECT),
    "request-required-property-added": (_object(properties={"a": _TEXT}), _object(required=["b"])),
    "request-property-removed": (_OBJECT, _object(properties={"a": _TEXT})),
    "request-property-refused": (
        _object(additionalProperties=False),
        _object(properties={"a": _TEXT}, additionalProperties=False),
    ),
    "response-property-added": (_object(properties={"a": _TEXT}), _OBJECT),
    "response-property-added-to-closed": (
        _object(properties={"a": _TEXT}, additionalProperties=False),
        _object(additionalProperties=False),
    ),
    "response-property-removed": (_OBJECT, _object(properties={"a": _TEXT})),
    "response-required-property-removed": (
        _object(required=["b"]),
        _object(properties={"a": _TEXT}),
    ),
}


# --- beside schemas -------------------------------------------------------------------------------

_LIMIT = {"name": "limit", "in": "query", "schema": _TEXT}
_ID = {"name": "id", "in": "path", "required": True, "schema": _TEXT}
_JSON = {"application/json": {"schema": _OBJECT}}
_XML = {"application/xml": {"schema": _OBJECT}}
_KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
_FLOW = {"tokenUrl": "https://id.shop.example/token", "scopes": {"read": "", "write": ""}}


def _taking(*parameters: Any) -> dict[str, Any]:
    return posting(parameters=list(parameters))


def _limit(**said: Any) -> dict[str, Any]:
    return _taking({**_LIMIT, **said})


def _body(content: Any, **said: Any) -> dict[str, Any]:
    return posting(requestBody={"content": content, **said})


def _form(style: str) -> dict[str, Any]:
    content = {"schema": _OBJECT, "encoding": {"a": {"style": style}}}
    return _body({"application/x-www-form-urlencoded": content})


def _answers(**responses: Any) -> dict[str, Any]:
    whole = {status[1:]: {"description": "", **said} for status, said in responses.items()}
    return posting(responses=whole)


def _header(**said: Any) -> dict[str, Any]:
    return _answers(_200={"headers": {"X-Left": {"schema": _TEXT, **said}}})


def _secured(*security: Any, scheme: Any = None, flow: Any = _FLOW) -> dict[str, Any]:
    schemes = {
        "key": _KEY if scheme is None else scheme,
        "oauth": {"type": "oauth2", "flows": {"clientCredentials": flow}},
    }
    paths = {"/things": {"post": operation(security=list(security))}}
    return document(paths=paths, components={"securitySchemes": schemes})


def _offering(**operations: Any) -> dict[str, Any]:
    return document(paths={"/things": operations})


def _ending(sunset: Any = None, *, is_deprecated: bool = True) -> dict[str, Any]:
    said = {} if sunset is None else {"x-sunset": sunset}
    return posting(deprecated=is_deprecated, **said)


_GONE = _offering(get=operation())


def _leaving(**said: Any) -> dict[str, Any]:
    return _offering(get=operation(), post=operation(**said))


_SENT = {"requestBody": {"content": _JSON}, "responses": {"204": {"description": ""}}}


def _calling_back(callbacks: dict[str, Any]) -> dict[str, Any]:
    return posting(
        callbacks={
            name: {"{$request.body#/url}": {"post": sent}} for name, sent in callbacks.items()
        }
    )


# Today is the fifteenth of January 2026.
WHOLE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "operation-added": (_GONE, _leaving()),
    "operation-removed": (_leaving(), _GONE),
    "operation-removed-undated": (_leaving(deprecated=True), _GONE),
    "operation-removed-early": (_leaving(**{"deprecated": True, "x-sunset": "2026-01-16"}), _GONE),
    "operation-removed-after-sunset": (
        _leaving(**{"deprecated": True, "x-sunset": "2026-01-15"}),
        _GONE,
    ),
    "operation-left-out": (
        _leaving(),
        _leaving(parameters=[{"$ref": "#/components/parameters/Nothing"}]),
    ),
    "operation-id-changed": (posting(operationId="a"), posting(operationId="b")),
    "tags-changed": (posting(tags=["a"]), posting(tags=["b"])),
    "server-added": (
        document(servers=[{"url": "https://a.example"}]),
        document(servers=[{"url": "https://a.example"}, {"url": "https://b.example"}]),
    ),
    "server-removed": (
        document(servers=[{"url": "https://a.example"}, {"url": "https://b.example"}]),
        document(servers=[{"url": "https://b.example"}]),
    ),
    "deprecated": (posting(), posting(deprecated=True)),
    "reactivated": (posting(deprecated=True), posting()),
    "sunset-too-soon": (posting(), _ending("2026-07-14")),
    "sunset-earlier": (_ending("2028-01-01"), _ending("2027-12-31")),
    "sunset-later": (_ending("2027-12-31"), _ending("2028-01-01")),
    "sunset-withdrawn": (_ending("2027-12-31"), _ending()),
    "sunset-announced": (_ending(), _ending("2027-12-31")),
    "sunset-unreadable": (posting(), _ending("next year")),
    "security-added": (_secured(), _secured({"key": []})),
    "security-removed": (_secured({"key": []}), _secured()),
    "security-alternative-added": (_secured({"key": []}), _secured({"key": []}, {"oauth": []})),
    "security-alternative-removed": (_secured({"key": []}, {"oauth": []}), _secured({"oauth": []})),
    "scope-added": (_secured({"oauth": ["read"]}), _secured({"oauth": ["read", "write"]})),
    "scope-removed": (_secured({"oauth": ["read", "write"]}), _secured({"oauth": ["read"]})),
    "security-scheme-changed": (
        _secured({"key": []}),
        _secured({"key": []}, scheme={**_KEY, "name": "X-Other"}),
    ),
    "security-address-changed": (
        _secured({"oauth": []}),
        _secured({"oauth": []}, flow={**_FLOW, "tokenUrl": "https://other.shop.example/"}),
    ),
    "offered-scope-removed": (
        _secured({"oauth": []}),
        _secured({"oauth": []}, flow={**_FLOW, "scopes": {"read": ""}}),
    ),
    "offered-scope-added": (
        _secured({"oauth": []}, flow={**_FLOW, "scopes": {"read": ""}}),
        _secured({"oauth": []}),
    ),
    "rate-limit-lowered": (_asked(60), _asked(30)),
    "rate-limit-raised": (_asked(30), _asked(None)),
    "parameter-added": (_taking(), _limit()),
    "required-parameter-added": (_taking(), _limit(required=True)),
    "parameter-removed": (_limit(), _taking()),
    "header-parameter-removed": (_limit(**{"in": "header"}), _taking()),
    "parameter-removed-early": (
        _limit(**{"deprecated": True, "x-sunset": "2026-01-16"}),
        _taking(),
    ),
    "parameter-removed-after-sunset": (
        _limit(**{"deprecated": True, "x-sunset": "2026-01-15"}),
        _taking(),
    ),
    "parameter-moved": (_limit(), _limit(**{"in": "header"})),
    "parameter-became-required": (_limit(), _limit(required=True)),
    "parameter-became-optional": (_limit(required=True), _limit()),
    "parameter-restyled": (_limit(schema=_list()), _limit(schema=_list(), style="pipeDelimited")),
    "path-parameter-renamed": (
        document(paths={"/things/{id}": {"get": operation(parameters=[_ID])}}),
        document(paths={"/things/{key}": {"get": operation(parameters=[{**_ID, "name": "key"}])}}),
    ),
    "empty-value-refused": (_limit(allowEmptyValue=True), _limit()),
    "empty-value-allowed": (_limit(), _limit(allowEmptyValue=True)),
    "reserved-characters-refused": (_limit(allowReserved=True), _limit()),
    "reserved-characters-allowed": (_limit(), _limit(allowReserved=True)),
    "body-added": (posting(), _body(_JSON)),
    "required-body-added": (posting(), _body(_JSON, required=True)),
    "body-removed": (_body(_JSON), posting()),
    "body-became-required": (_body(_JSON), _body(_JSON, required=True)),
    "body-became-optional": (_body(_JSON, required=True), _body(_JSON)),
    "request-media-type-added": (_body(_JSON), _body({**_JSON, **_XML})),
    "request-media-type-removed": (_body({**_JSON, **_XML}), _body(_JSON)),
    "request-encoding-changed": (_form("form"), _form("deepObject")),
    "success-added": (_answers(_200={}), _answers(_200={}, _202={})),
    "success-removed": (_answers(_200={}, _202={}), _answers(_200={})),
    "failure-added": (_answers(_200={}), _answers(_200={}, _409={})),
    "failure-removed": (_answers(_200={}, _409={}), _answers(_200={})),
    "response-media-type-added": (
        _answers(_200={"content": _JSON}),
        _answers(_200={"content": {**_JSON, **_XML}}),
    ),
    "response-media-type-removed": (
        _answers(_200={"content": {**_JSON, **_XML}}),
        _answers(_200={"content": _JSON}),
    ),
    "response-media-type-narrowed": (
        _answers(_200={"content": {"image/*": {}}}),
        _answers(_200={"content": {"image/png": {}}}),
    ),
    "response-media-type-widened": (
        _answers(_200={"content": {"image/png": {}}}),
        _answers(_200={"content": {"image/*": {}}}),
    ),
    "response-body-removed": (_answers(_200={"content": _JSON}), _answers(_200={})),
    "response-body-added": (_answers(_200={}), _answers(_200={"content": _JSON})),
    "response-header-added": (_answers(_200={}), _header()),
    "response-header-removed": (_header(), _answers(_200={})),
    "required-response-header-removed": (_header(required=True), _answers(_200={})),
    "response-header-became-optional": (_header(required=True), _header()),
    "response-header-became-required": (_header(), _header(required=True)),
    "callback-added": (posting(), _calling_back({"done": _SENT})),
    "callback-removed": (
        document(webhooks={"done": {"post": _SENT}, "late": {"post": _SENT}}),
        document(webhooks={"done": {"post": _SENT}}),
    ),
    "audience-narrowed": (
        answering(_OBJECT),
        answering(_object(properties={"a": _TEXT, "b": {"x-audience": "internal"}})),
    ),
    "audience-widened": (
        answering(_object(properties={"a": _TEXT, "b": {"x-audience": "internal"}})),
        answering(_OBJECT),
    ),
}


def examples() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """A kind, the old document and the new one."""
    for kind, (old, new) in WHOLE.items():
        yield kind, old, new
    for kind, (before, after) in ONE_WAY.items():
        around = receiving if kind.startswith("request") else answering
        yield kind, around(before), around(after)
    for way, around in (("request", receiving), ("response", answering)):
        for facet, (before, after) in FACETS.items():
            yield f"{way}-{facet}", around(before), around(after)
            reverse = BY_ID[f"{way}-{facet}"].reverse
            if reverse.removeprefix(f"{way}-") not in FACETS:
                yield reverse, around(after), around(before)
    for kind in ("request-became-writable", "response-became-readable"):
        before, after = ONE_WAY[BY_ID[kind].reverse]
        around = receiving if kind.startswith("request") else answering
        yield kind, around(after), around(before)
