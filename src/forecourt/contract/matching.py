"""Which path of a contract a request means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import unquote

# What a segment is made of: literals at even positions, a parameter between each two. `users` is
# ("users",), `{id}` is ("", ""), `{id}.json` is ("", ".json").
Segment: TypeAlias = tuple[str, ...]

_PARAMETER = re.compile(r"\{[^{}/]+\}")


@lru_cache(maxsize=16_384)
def segments(template: str) -> tuple[Segment, ...]:
    """The segments of a template, decoded: `/users/{id}.json` is `users` and `{id}.json`.

    A fragment or query, which some documents use to tell operations apart, never arrives in a path
    and does not count.
    """
    path = re.split(r"[?#]", _outside_parameters(template), maxsplit=1)[0]
    return tuple(
        tuple(unquote(literal) for literal in _PARAMETER.split(segment))
        for segment in path.removeprefix("/").split("/")
    )


def best_matches(templates: Iterable[str], path: str) -> tuple[str, ...]:
    """The templates that fit a path best, as written: more than one only if they match alike.

    `path` is as it came, percent-encoded and without its query. From left to right a literal goes
    before a partial parameter, and that before a whole one (OpenAPI 3.1, section 4.8.8.2).
    """
    arrived = tuple(unquote(segment) for segment in path.removeprefix("/").split("/"))
    fitting = [(t, s) for t in templates if _fits(s := segments(t), arrived)]
    if not fitting:
        return ()
    best = min(rank(s) for _, s in fitting)
    return tuple(template for template, s in fitting if rank(s) == best)


def rank(template: tuple[Segment, ...]) -> tuple[tuple[int, int], ...]:
    """Sorts before what is less specific; of two partial parameters, the one with more literal."""
    return tuple(map(_segment_rank, template))


def _segment_rank(parts: Segment) -> tuple[int, int]:
    literal = sum(map(len, parts))
    if len(parts) == 1:
        return (0, 0)
    return (1, -literal) if literal else (2, 0)


def _outside_parameters(template: str) -> str:
    """The template with `?` and `#` inside of braces out of the way."""
    return _PARAMETER.sub("{_}", template)


def _fits(template: tuple[Segment, ...], arrived: tuple[str, ...]) -> bool:
    return len(template) == len(arrived) and all(map(segment_fits, template, arrived))


def segment_fits(parts: Segment, segment: str) -> bool:
    """Whether a decoded segment holds the literals in order, and a character or more between them.

    Taking each literal at its first possible place is enough, so no text takes long.
    """
    first, *middle = parts
    if not middle:
        return segment == first
    last = middle.pop()
    if not segment.startswith(first) or not segment.endswith(last):
        return False
    position, end = len(first), len(segment) - len(last)
    for literal in middle:
        found = segment.find(literal, position + 1, end)
        if found < 0:
            return False
        position = found + len(literal)
    return position < end
