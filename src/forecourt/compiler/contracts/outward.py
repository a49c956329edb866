"""What one operation may answer: statuses, media types, and the schemas of what is JSON."""

from __future__ import annotations

from collections.abc import Iterable

from forecourt.compiler.contracts.serialized import LuaValue
from forecourt.compiler.contracts.side import Side
from forecourt.contract import Operation
from forecourt.contract.media_types import is_json
from forecourt.contract.model import Content
from forecourt.contract.values import Json, Pointer

_PASSES = True


def outward(operation: Operation, number: int, document: Json) -> Side:
    """What may leave, as `allowances.lua` reads it.

    `answers`   status (`200`, `2XX`, `default`) -> media type -> what of such a body leaves: a
                root, by which it is filtered where it is JSON, or true: it passes as it is.

    A media type is in small letters without spaces, with its parameters and without; the first that
    says anything counts. No media type: no body leaves.
    """
    answers: dict[str, LuaValue] = {}
    roots: dict[str, Pointer] = {}
    for response in operation.responses:
        status = response.status.upper() if response.status != "default" else response.status
        types: dict[str, LuaValue] = {}
        for place, content in enumerate(response.contents):
            passes: LuaValue = _PASSES
            if content.schema is not None and is_json(content.media_type):
                passes = f"{number}.{status}.{place}"
                roots[str(passes)] = content.schema
            for name in _names(content):
                types.setdefault(name, passes)
        answers.setdefault(status, types)
    _add_parts(answers)
    return Side(table={"answers": answers}, roots=roots)


def _names(content: Content) -> Iterable[str]:
    spelled = "".join(content.media_type.lower().split())
    return dict.fromkeys((spelled, spelled.partition(";")[0]))


def _add_parts(answers: dict[str, LuaValue]) -> None:
    """A part of an answer may leave where the whole may (RFC 9110, section 14); not of JSON, of
    which a part says nothing about what it holds. Several parts at once do not say of what they
    are, so they leave only where nothing declared is JSON.
    """
    whole = answers.get("200", answers.get("2XX"))
    if "206" in answers or not isinstance(whole, dict):
        return
    parts = {name: passes for name, passes in whole.items() if passes is _PASSES}
    if parts:
        several = {"multipart/byteranges": _PASSES} if len(parts) == len(whole) else {}
        answers["206"] = {**parts, **several}
