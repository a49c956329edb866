"""The header fields of an answer to show: those that its response declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from forecourt.contract.given_examples import given_example
from forecourt.contract.model import Header
from forecourt.contract.sampling import NoSample, sample
from forecourt.contract.values import Json, child, descend, encode

# How an answer is framed and what its body is, nobody declares: whoever sends it knows. What begins
# so is the edge's, and says of a mock that it is one.
_OF_WHOEVER_SENDS = frozenset(
    {
        *("connection", "content-encoding", "content-length", "content-type", "date"),
        *("keep-alive", "server", "te", "trailer", "transfer-encoding", "upgrade"),
    }
)
_OF_THE_EDGE = ("forecourt-", "x-forecourt-")

# RFC 9110, sections 5.1 and 5.5.
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")


def example_headers(
    document: Json, headers: Sequence[Header], *, openapi: str, seed: str | None
) -> tuple[tuple[str, str], ...]:
    """A value for each field, by its name in lower case, as its example or its schema has it.

    Those for which there is none are left out.

    In the style `simple`, the only one of fields: items with commas between them.
    """
    return tuple(
        (header.name.lower(), text)
        for header in headers
        if _is_declared_here(header.name)
        for value in _value(document, header, openapi, seed)
        if _VALUE.fullmatch(text := _spelled(descend(document, header.pointer), value))
    )


def _is_declared_here(name: str) -> bool:
    lower = name.lower()
    is_of_others = lower in _OF_WHOEVER_SENDS or lower.startswith(_OF_THE_EDGE)
    return _NAME.fullmatch(name) is not None and not is_of_others


def _value(document: Json, header: Header, openapi: str, seed: str | None) -> Iterator[Json]:
    written = descend(document, header.pointer)
    examples = child(written, "examples")
    names = tuple(examples) if isinstance(examples, dict) else ()
    if (found := given_example(document, written, names, None)) is not None:
        yield found[1]
    elif header.schema is not None:
        salted = None if seed is None else f"{seed} {header.name}"
        made = sample(document, header.schema, openapi=openapi, seed=salted)
        if not isinstance(made, NoSample):
            yield made.value


def _spelled(written: Json, value: Json) -> str:
    """Empty where a field cannot say it."""
    if child(written, "schema") is None:  # it has `content`, which is JSON or a text
        return value if isinstance(value, str) else encode(value).decode()
    if isinstance(value, list):
        return ",".join(map(_plain, value))
    if isinstance(value, dict):
        between = "=" if child(written, "explode") is True else ","
        return ",".join(f"{key}{between}{_plain(inner)}" for key, inner in value.items())
    return _plain(value)


def _plain(value: Json) -> str:
    return value if isinstance(value, str) else encode(value).decode()
