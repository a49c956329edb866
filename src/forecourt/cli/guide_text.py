"""A migration guide in Markdown, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

from forecourt.actions.migration_guide import Before, Call, Guide, Step, Written
from forecourt.contract.lenses.interpreting import Nothing
from forecourt.contract.values import Json, encode


def markdown(guide: Guide) -> str:
    """The guide for people."""
    return "\n\n".join(_blocks(guide)) + "\n"


def _blocks(guide: Guide) -> Iterator[str]:
    yield f"# {guide.api.title}: from version {guide.older} to version {guide.newer}"
    version = next(v for v in guide.api.versions if v.name == guide.older)
    if version.sunset is not None:
        yield f"Version {guide.older} is gone from {version.sunset.isoformat()} on."
    yield "## What changed, and why"
    for step in guide.steps:
        yield from _step(step, is_alone=len(guide.steps) == 1)
    if guide.calls:
        yield "## Before and after"
    for call in guide.calls:
        yield from _call(call, guide)


def _step(step: Step, *, is_alone: bool) -> Iterator[str]:
    if not is_alone:
        yield f"### From {step.older} to {step.newer}"
    yield f"{step.summary}."
    yield "\n".join(f"- {told.sentence}: {told.because}." for told in step.told)


def _call(call: Call, guide: Guide) -> Iterator[str]:
    yield f"### {call.name}"
    if call.gone is not None:
        yield f"It is gone: {call.gone}."
    for before, what in ((call.request, "Request"), (call.answer, "Answer")):
        if before is not None:
            yield f"{what} of version {guide.older}:"
            yield _message(before.older)
            yield f"{what} of version {guide.newer}:"
            yield _message(before.newer)


def _message(message: Written) -> str:
    head = "\n".join((message.line, *(f"{name}: {text}" for name, text in message.headers)))
    if isinstance(message.body, Nothing):
        return f"```http\n{head}\n```"
    return f"```http\n{head}\n\n{_indented(message.body)}\n```"


def _indented(body: Json, depth: int = 0) -> str:
    """JSON in lines, numbers as exact as they are."""
    inner, outer = "  " * (depth + 1), "  " * depth
    match body:
        case dict() if body:
            members = (f"{inner}{_plain(k)}: {_indented(v, depth + 1)}" for k, v in body.items())
            return "{\n" + ",\n".join(members) + f"\n{outer}}}"
        case list() if body:
            items = (f"{inner}{_indented(v, depth + 1)}" for v in body)
            return "[\n" + ",\n".join(items) + f"\n{outer}]"
        case Decimal():
            return str(body)
        case _:
            return _plain(body)


def _plain(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def json_text(guide: Guide) -> str:
    """The guide for programs."""
    document: Json = {
        "api": guide.api.name,
        "from": guide.older,
        "to": guide.newer,
        "audience": guide.audience.value,
        "steps": [
            {
                "from": step.older,
                "to": step.newer,
                "summary": step.summary,
                "changes": [{"what": t.sentence, "because": t.because} for t in step.told],
            }
            for step in guide.steps
        ],
        "operations": [_call_json(call) for call in guide.calls],
    }
    return encode(document).decode() + "\n"


def _call_json(call: Call) -> Json:
    said: dict[str, Json] = {"operation": call.name}
    if call.gone is not None:
        said["gone"] = call.gone
    for key, before in (("request", call.request), ("answer", call.answer)):
        if before is not None:
            said[key] = _before_json(before)
    return said


def _before_json(before: Before) -> Json:
    return {"before": _written_json(before.older), "after": _written_json(before.newer)}


def _written_json(message: Written) -> Json:
    said: dict[str, Json] = {"line": message.line}
    if message.headers:
        said["headers"] = dict(message.headers)
    if not isinstance(message.body, Nothing):
        said["body"] = message.body
    return said
