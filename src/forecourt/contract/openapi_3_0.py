"""One schema object of OpenAPI 3.0, said in JSON Schema 2020-12: its own keywords only.

What a keyword holds is left as it is; whoever goes on to a schema within asks again.
"""

from __future__ import annotations

from enum import Enum

from forecourt.contract.values import Json


class Dialect(Enum):
    """How schemas are to be read. OpenAPI 3.1 is 2020-12."""

    JSON_SCHEMA_2020_12 = "2020-12"
    OPENAPI_3_0 = "openapi-3.0"


def dialect_of(openapi: str) -> Dialect:
    """The dialect of a document of that version."""
    is_3_0 = openapi.startswith("3.0")
    return Dialect.OPENAPI_3_0 if is_3_0 else Dialect.JSON_SCHEMA_2020_12


# Later than OpenAPI 3.0, where they are "strictly unsupported" (3.0.4, section 4.7.24.1).
NOT_IN_3_0 = frozenset(
    {
        "$anchor",
        "$dynamicAnchor",
        "$dynamicRef",
        "$id",
        "$recursiveRef",
        "$schema",
        "const",
        "contains",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "examples",
        "if",
        "maxContains",
        "minContains",
        "patternProperties",
        "prefixItems",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
_EXCLUSIVE = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}


def plainly(schema: dict[str, Json], dialect: Dialect) -> dict[str, Json]:
    """The same schema in 2020-12.

    OpenAPI 3.0 (https://spec.openapis.org/oas/v3.0.4.html, section 4.7.24) has `nullable`, bounds
    that are made exclusive by `true`, and `$ref`, which lets nothing beside it count.
    """
    if dialect is Dialect.JSON_SCHEMA_2020_12:
        return schema
    if isinstance(schema.get("$ref"), str):
        # Nothing beside it counts but what we ourselves say of it.
        return {k: v for k, v in schema.items() if k == "$ref" or k.startswith("x-")}
    said = {k: v for k, v in schema.items() if k not in NOT_IN_3_0}
    for exclusive, bound in _EXCLUSIVE.items():
        if isinstance(is_exclusive := said.get(exclusive), bool):
            del said[exclusive]
            if is_exclusive and bound in said:
                said[exclusive] = said.pop(bound)
    _say_null(said)
    return said


def _say_null(said: dict[str, Json]) -> None:
    """`nullable` adds null to the `type` beside it, and says nothing without one (3.0.3)."""
    kind = said.get("type")
    if said.get("nullable") is True and kind not in (None, []):
        kinds: list[Json] = list(kind) if isinstance(kind, list) else [kind]
        said["type"] = kinds if "null" in kinds else [*kinds, "null"]
