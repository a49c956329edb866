"""Judges values exactly by a schema that stands alone, and says what is wrong as the edge does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

import msgspec
from jsonschema_rs import Draft202012Validator, FancyRegexOptions, ValidationError

from forecourt.contract.validity import Unjudgeable
from forecourt.contract.values import Json, Pointer, decode, descend, encode

# As the edge has them (forecourt.contract.faults in Lua).
MOST_FAULTS = 32
_MOST_KEY = 64
_MOST_EXPECTED = 200

# A pattern ends by the clock of who waits, never with a verdict that was guessed.
_ENDLESS = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What is wrong with a value: where (a JSON pointer), the keyword, and what was expected."""

    pointer: str
    rule: str
    expected: str | None = None


class NoJson(Exception):
    """The text is no JSON, or is nested deeper than anybody reads."""


class ExactJudge:
    """Judges by one schema; `formats` say whether a text is of a format. Raises Unjudgeable."""

    def __init__(
        self, schema: Mapping[str, Json], formats: Mapping[str, Callable[[str], bool]]
    ) -> None:
        self._schema = dict(schema)
        try:
            self._validator = Draft202012Validator(
                cast(Any, self._schema),
                formats=dict(formats),
                validate_formats=True,
                offline=True,
                pattern_options=FancyRegexOptions(backtrack_limit=_ENDLESS),
            )
        except ValidationError as refused:
            raise Unjudgeable(refused.message) from None

    def broken(self, text: bytes) -> tuple[Broken, ...]:
        """What is wrong with a value, given as JSON; nothing if it keeps the schema.

        Raises `NoJson`, and `Unjudgeable` where a pattern could not be tried.
        """
        try:
            value = decode(text)
        except (msgspec.DecodeError, RecursionError) as error:
            raise NoJson(str(error)) from None
        found = [b for e in self._errors(value) for b in self._told(e)]
        # In the order of the edge's: by place, as far as that can be told, and keyword.
        return tuple(sorted(found, key=lambda b: (b.pointer, b.rule)))[:MOST_FAULTS]

    def _errors(self, value: Json) -> Iterator[ValidationError]:
        return islice(self._validator.iter_errors(cast(Any, value)), MOST_FAULTS + 1)

    def _told(self, error: ValidationError) -> Iterator[Broken]:
        steps = tuple(error.schema_path)
        place = tuple(error.instance_path)
        match type(error.kind).__name__:
            case "RegexEngineFailure" | "BacktrackLimitExceeded":
                raise Unjudgeable(error.message)
            case "FalseSchema":
                yield Broken(pointer=_pointer(place), rule="false")
            case "AdditionalProperties" | "UnevaluatedProperties":
                for name in error.kind.value:
                    yield Broken(pointer=_pointer((*place, name)), rule=error.kind.name)
            case "Required":
                rule = str(steps[-1])
                yield Broken(pointer=_pointer(place), rule=rule, expected=str(error.kind.value))
            case "PropertyNames":
                yield Broken(pointer=_pointer(place), rule=str(steps[-1]))
            case _:
                rule = error.kind.name
                demanded = descend(self._schema, tuple(map(str, steps)))
                if rule == "contains":
                    around = descend(self._schema, _around(steps))
                    least = around.get("minContains", 1) if isinstance(around, dict) else 1
                    demanded = least if steps[-1] != "maxContains" else demanded
                yield Broken(pointer=_pointer(place), rule=rule, expected=_expected(rule, demanded))


def _around(steps: tuple[str | int, ...]) -> Pointer:
    return tuple(map(str, steps[:-1]))


def _pointer(place: tuple[str | int, ...]) -> str:
    """The JSON pointer, long keys cut as the edge cuts them."""
    return "".join(f"/{step if isinstance(step, int) else _key(step)}" for step in place)


def _key(key: str) -> str:
    encoded = key.encode()
    if len(encoded) > _MOST_KEY:
        key = encoded[:_MOST_KEY].decode(errors="ignore") + "…"
    return key.replace("~", "~0").replace("/", "~1")


_KINDS = ("null", "boolean", "number", "integer", "string", "array", "object")
_AS_THEY_ARE = frozenset({"pattern", "format"})
_VALUES = frozenset(
    {
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "const"),
        *("minLength", "maxLength", "minItems", "maxItems", "contains"),
        *("minProperties", "maxProperties"),
    }
)


def _expected(rule: str, demanded: Json) -> str | None:
    if rule == "type":
        kinds = demanded if isinstance(demanded, list) else [demanded]
        said = [k for k in _KINDS if k in kinds and not (k == "integer" and "number" in kinds)]
        return " or ".join(said)
    if rule in _AS_THEY_ARE:
        return str(demanded)
    if rule == "enum" and isinstance(demanded, list):
        return _short(", ".join(encode(value).decode() for value in demanded))
    return _short(encode(demanded).decode()) if rule in _VALUES else None


def _short(text: str) -> str:
    return text if len(text) <= _MOST_EXPECTED else text[: _MOST_EXPECTED - 1] + "…"
