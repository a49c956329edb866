"""Keywords that JSON Schema had before 2019-09, said in those that took their place.

OpenAPI has none of them; who writes one means this. 2020-12, appendix to core ("Updating from
earlier drafts"): `items` as a list, `additionalItems` beside it, `dependencies`.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.values import Json


def modern(schema: dict[str, Json]) -> Iterator[tuple[str, str, Json]]:
    """Each keyword of a schema: as it is written, as 2020-12 has it, and what it holds."""
    has_list = isinstance(schema.get("items"), list)
    for keyword, value in schema.items():
        if keyword == "items" and has_list:
            yield keyword, "prefixItems", value
        elif keyword == "additionalItems":
            if has_list:
                yield keyword, "items", value
        elif keyword == "dependencies" and isinstance(value, dict):
            required = {name: asked for name, asked in value.items() if isinstance(asked, list)}
            schemas = {name: asked for name, asked in value.items() if name not in required}
            if required and "dependentRequired" not in schema:
                yield keyword, "dependentRequired", dict(required)
            if schemas and "dependentSchemas" not in schema:
                yield keyword, "dependentSchemas", schemas
        else:
            yield keyword, keyword, value
