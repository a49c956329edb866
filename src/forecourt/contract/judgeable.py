"""What a schema may not ask for: what neither the edge nor who stands behind it judges exactly."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract import codes
from forecourt.contract.regular.reading import NotRegular, read_pattern
from forecourt.contract.regular.recall import recalls_surely
from forecourt.contract.trouble import Trouble
from forecourt.contract.values import Json, Pointer
from forecourt.source.quoting import shown

# What `$schema` may say in OpenAPI 3.1 (section 4.8.24.5) without changing what keywords mean.
DIALECTS = frozenset(
    {
        "https://json-schema.org/draft/2020-12/schema",
        "https://spec.openapis.org/oas/3.1/dialect/base",
    }
)


def unjudgeable(schema: dict[str, Json], at: Pointer) -> Iterator[Trouble]:
    """What in a schema's own keywords nobody judges; `at` is where it stands."""
    if (foreign := foreign_dialect(schema.get("$schema"), (*at, "$schema"))) is not None:
        yield foreign
    # One that leads to one schema alone has become a plain reference (`identities`).
    if isinstance(schema.get("$dynamicRef"), str):
        message = "where `$dynamicRef` leads depends on the value; it is not followed"
        yield _trouble((*at, "$dynamicRef"), message, "write `$ref`")
    if isinstance(pattern := schema.get("pattern"), str):
        yield from _of_pattern(pattern, (*at, "pattern"))
    if isinstance(patterns := schema.get("patternProperties"), dict):
        for pattern in patterns:
            yield from _of_pattern(pattern, (*at, "patternProperties", pattern))


def foreign_dialect(dialect: Json, at: Pointer = ("jsonSchemaDialect",)) -> Trouble | None:
    """What is said of a dialect that is not known, there or for all schemas of a document."""
    if not isinstance(dialect, str) or dialect.rstrip("#") in DIALECTS:
        return None
    message = f"`{at[-1]}` is {shown(dialect)}, which may change what keywords mean"
    help = "take it away; schemas are read as JSON Schema 2020-12"
    alike = at[0] if len(at) == 1 else ""  # that of the document is met in each of its schemas
    return Trouble(code=codes.UNJUDGEABLE, at=at, message=message, help=help, alike=alike)


def _of_pattern(pattern: str, at: Pointer) -> Iterator[Trouble]:
    try:
        read = read_pattern(pattern)
    except NotRegular as refused:
        message = f"{shown(pattern)} is no pattern of ECMAScript: {refused.args[0]}"
        yield _trouble(at, message, None)
        return
    if not recalls_surely(read.tree):
        message = f"{shown(pattern)} refers back to a group that may have matched nothing"
        yield _trouble(at, message, "write out what it stands for")


def _trouble(at: Pointer, message: str, help: str | None) -> Trouble:
    return Trouble(code=codes.UNJUDGEABLE, at=at, message=message, help=help)
