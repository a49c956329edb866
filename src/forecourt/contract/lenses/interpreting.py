"""What an operation's lens makes of whole messages, as values: what the edge has to agree with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeAlias

from forecourt.contract.lenses.applying import Refused, applied, stepped
from forecourt.contract.lenses.converters import BY_ID
from forecourt.contract.lenses.lost import Lost
from forecourt.contract.lenses.program import Move, OperationLens, Program
from forecourt.contract.lenses.steps import OnLoss
from forecourt.contract.values import Json

Texts: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """There is no body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A call: its parameters by where they stand, header fields in small letters."""

    method: str
    template: str
    path: Texts = field(default_factory=dict)
    query: Texts = field(default_factory=dict)
    header: Texts = field(default_factory=dict)
    cookie: Texts = field(default_factory=dict)
    body: Json | Nothing = field(default_factory=Nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an operation answers."""

    status: int
    header: Texts = field(default_factory=dict)
    body: Json | Nothing = field(default_factory=Nothing)


@dataclass(frozen=True, slots=True)
class Gone:
    """The operation is not there any more."""


def raised(lens: OperationLens, request: Request) -> Request | Refused | Gone:
    """The call as the newer version takes it."""
    if lens.becomes is None:
        return Gone()
    places: dict[str, dict[str, Json]] = {
        "path": dict(request.path),
        "query": dict(request.query),
        "header": dict(request.header),
        "cookie": dict(request.cookie),
    }
    for place, steps in lens.parameters.items():
        after = stepped(steps, places[place])
        if isinstance(after, Refused):
            return replace(after, at=(place, *after.at))
        places[place] = after
    body = request.body
    for step in (lens.moves, lens.request, lens.arrives):
        result = _passed(step, body, places)
        if isinstance(result, Refused):
            return result
        body = result
    method, template = lens.becomes
    moved = {m.to for m in lens.moves if m.target == "path"}
    said = {newer: places["path"].get(older) for newer, older in lens.path.items()}
    path = {**said, **{name: places["path"].get(name) for name in moved}}
    return Request(
        method=method,
        template=template,
        path=_texts(path),
        query=_texts(places["query"]),
        header=_texts(places["header"]),
        cookie=_texts(places["cookie"]),
        body=body,
    )


def lowered(lens: OperationLens, answer: Answer) -> Answer | Refused:
    """The answer as the older version gives it."""
    header: dict[str, Json] = dict(answer.header)
    body = answer.body
    for step in (program_of(lens, answer.status), lens.answer_moves):
        result = _passed(step, body, {"header": header})
        if isinstance(result, Refused):
            return result
        body = result
    return Answer(status=answer.status, header=_texts(header), body=body)


def program_of(lens: OperationLens, status: int) -> Program | None:
    """The program of a status: its own, that of its range, or that of every other."""
    for key in (str(status), f"{status // 100}XX", "default"):
        if (program := lens.answers.get(key)) is not None:
            return program
    return None


def _passed(
    step: Program | tuple[Move, ...] | None,
    body: Json | Nothing,
    places: dict[str, dict[str, Json]],
) -> Json | Nothing | Refused:
    if isinstance(step, Program):
        return body if isinstance(body, Nothing) else applied(step, body)
    for move in step or ():
        after = _moved(move, body, places)
        if isinstance(after, Refused):
            return after
        body = after
    return body


def _moved(
    move: Move, body: Json | Nothing, places: dict[str, dict[str, Json]]
) -> Json | Nothing | Refused:
    members = dict(body) if isinstance(body, dict) else {}
    source = members if move.source == "body" else places[move.source]
    if move.name not in source:
        return body
    value = source.pop(move.name)
    target = members if move.target == "body" else places[move.target]
    after = _typed(move, value) if move.target == "body" else _as_text(value)
    if move.source != "body" and move.target != "body":
        after = value
    if not isinstance(after, Lost):
        target[move.to] = after
    elif move.on_loss is OnLoss.REFUSE:
        at = (move.name,) if move.source == "body" else (move.source, move.name)
        return Refused(at=at, reason=after.reason)
    elif move.on_loss is OnLoss.NULL and move.target == "body":
        target[move.to] = None
    return members if "body" in (move.source, move.target) else body


def _typed(move: Move, value: Json) -> Json | Lost:
    """A parameter's text as a value of the member's type."""
    readers: Mapping[str, Callable[[Json], Json | Lost]] = {
        "string": lambda text: text,
        "integer": lambda text: BY_ID["integer-text"].back(text, {}),
        "number": lambda text: BY_ID["number-text"].back(text, {}),
        "boolean": lambda text: BY_ID["boolean-text"].back(text, {}),
    }
    return readers[move.type](value)


def _as_text(value: Json) -> Json | Lost:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    return Lost(reason="is no scalar")


def _texts(values: Mapping[str, Json]) -> dict[str, str]:
    """Parameters as texts; what steps put in is written as JSON has it."""
    written = {name: _as_text(value) for name, value in values.items()}
    return {name: text for name, text in written.items() if isinstance(text, str)}
