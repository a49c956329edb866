"""Whether a value is what a translated schema says, as `jsonschema-rs` judges it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias, cast

from jsonschema_rs import Draft202012, Draft202012Validator, Registry, ValidationError

from forecourt.contract.dialect import Translated, place_of, reference_to
from forecourt.contract.values import Json, Pointer

# Keys, and indexes as numbers: where in a value.
Path: TypeAlias = tuple[str | int, ...]

# Stands for the schema itself; nothing is fetched from anywhere.
_ITSELF = "urn:forecourt:schema"


class Unjudgeable(Exception):
    """A schema that `jsonschema-rs` does not take: a pattern beyond it, as a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Where a value breaks a schema. `at` leads into the value, `within` to all that is at odds.

    `within` holds `at`, and where each alternative of an `anyOf` or `oneOf` would be broken.
    `schema` is the JSON pointer of the keyword in the document.
    """

    at: Path
    within: tuple[Path, ...]
    schema: str
    message: str


class Judge:
    """Judges values against a schema and against any schema in it. Raises Unjudgeable.

    `formats`: whether a text has to be of its `format`, too, where that is one that is known.
    """

    def __init__(self, translated: Translated, *, formats: bool = True) -> None:
        self._formats = formats
        self._registry = Registry([(_ITSELF, cast(Any, translated.schema))], draft=Draft202012)
        self._of: dict[Pointer, Draft202012Validator] = {}
        self._start = translated.start
        self._validator(self._start)

    def accepts(self, value: Json, at: Pointer) -> bool:
        """Whether the schema at that place of the translated one takes a value."""
        return self._validator(at).is_valid(value)

    def faults(self, value: Json, most: int = 100) -> tuple[Fault, ...]:
        """What is wrong with a value, but not more than so many."""
        errors = self._validator(self._start).iter_errors(cast(Any, value))
        return tuple(_fault(error) for error in islice(errors, most))

    def _validator(self, at: Pointer) -> Draft202012Validator:
        known = self._of.get(at)
        if known is None:
            reference = _ITSELF + "#" + _fragment(at)
            known = self._of[at] = _compiled(
                {"$ref": reference}, formats=self._formats, registry=self._registry
            )
        return known


def accepts_text(schema: dict[str, Json]) -> Draft202012Validator:
    """A validator of a schema that refers to nothing. Raises Unjudgeable."""
    return _compiled(schema)


# Said in place of a value, which may be long, and which nobody but its reader need see.
_MASK = "the value"


def _compiled(
    schema: dict[str, Json], *, formats: bool = True, registry: Registry | None = None
) -> Draft202012Validator:
    try:
        return Draft202012Validator(
            cast(Any, schema),
            registry=registry,
            validate_formats=formats,
            offline=True,
            mask=_MASK,
        )
    except ValidationError as refused:
        raise Unjudgeable(refused.message) from None


def _fragment(at: Pointer) -> str:
    return "".join(f"/{reference_to(step).removeprefix('#/$defs/')}" for step in at)


def _fault(error: ValidationError) -> Fault:
    return Fault(
        at=tuple(error.instance_path),
        within=tuple(dict.fromkeys(_paths(error))),
        schema=place_of(tuple(map(str, error.schema_path))),
        message=error.message,
    )


def _paths(error: ValidationError) -> Iterator[Path]:
    yield tuple(error.instance_path)
    for errors in getattr(error.kind, "context", ()):
        for inner in errors:
            yield from _paths(inner)
