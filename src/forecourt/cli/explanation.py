"""How an explanation reads: the steps, the one that refused marked, and the way out last."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from textwrap import wrap
from typing import Any

import typer

from forecourt.actions.estate_states import Changed
from forecourt.actions.explain_request import Explanation
from forecourt.actions.steps import Ground, Outcome, Posture, Step
from forecourt.cli.outcome import part_in_words
from forecourt.cli.render import printable
from forecourt.cli.terminal import is_terminal
from forecourt.cli.text_or_json import TextOrJson
from forecourt.compiler.refusals import Refusal
from forecourt.diagnostics import Span
from forecourt.estate.audience import Audience

JSON_VERSION = 1

_WIDTH = 100
_INDENT = " " * 17
_MARKS = {
    Outcome.PASSED: "+",
    Outcome.REFUSED: ">",
    Outcome.NO_MATTER: " ",
    Outcome.NOT_JUDGED: "?",
    Outcome.NOT_REACHED: " ",
}
_COLOURS = {
    Outcome.PASSED: typer.colors.GREEN,
    Outcome.REFUSED: typer.colors.RED,
    Outcome.NOT_JUDGED: typer.colors.YELLOW,
}


def explanation_text(explained: Explanation, form: TextOrJson, *, colour: bool) -> str:
    """All of it, ready to print."""
    match form:
        case TextOrJson.TEXT:
            return "\n".join(_lines(explained, colour))
        case TextOrJson.JSON:
            return json.dumps(_document(explained), indent=2, ensure_ascii=False)


def _lines(explained: Explanation, colour: bool) -> Iterator[str]:
    outcome = Outcome.PASSED if explained.refusal is None else Outcome.REFUSED
    yield _painted(_verdict(explained), colour, outcome)
    yield from _wrapped(_about(explained), "", "")
    yield ""
    for step in explained.steps:
        if step.outcome is not Outcome.NOT_REACHED:
            yield from _step(step, colour)
    missed = [s.name for s in explained.steps if s.outcome is Outcome.NOT_REACHED]
    if missed:
        yield from _wrapped(f"not reached: {', '.join(missed)}", "  ", "  ")
    if notes := list(_notes(explained)):
        yield ""
        for note in notes:
            yield from _wrapped(note, "note: ", "  ")
    if ways_out := _ways_out(explained):
        yield ""
        yield "the way out:"
        for way_out in ways_out:
            yield from _wrapped(way_out, "  ", "    ")


def _verdict(explained: Explanation) -> str:
    refusal, logged = explained.refusal, explained.logged
    if refusal is None:
        if logged is not None:
            return "let through"
        open_ = [step.says for step in explained.steps if step.outcome is Outcome.NOT_JUDGED]
        return ", ".join(("it would be let through", *open_))
    status = logged.status if logged is not None else refusal.status
    begin = "refused" if logged is not None else "it would be refused"
    problem = refusal.read(status)
    read = f", which the caller reads as {problem}" if problem else ""
    return f"{begin}: {status} {refusal.word}{read}"


def _about(explained: Explanation) -> str:
    request, revision = explained.request, explained.revision
    asked = f"{request.method} {request.path}"
    is_named = explained.logged is None and request.wanted is not None
    field = f", API-Version: {request.wanted}" if is_named else ""
    return (
        f"{asked}{field}, {request.listener} listener, {request.at:%Y-%m-%d %H:%M:%S} UTC,"
        f" revision {revision.number}"
    )


def _step(step: Step, colour: bool) -> Iterator[str]:
    mark = _painted(_MARKS[step.outcome], colour, step.outcome)
    said = step.says
    first, *rest = _wrapped(said, _INDENT, _INDENT)
    yield f"  {mark} {step.name:<13}{first.removeprefix(_INDENT)}"
    yield from rest
    for ground in step.grounds:
        for line in _wrapped(_ground(ground), _INDENT, _INDENT):
            yield typer.style(line, dim=True) if colour else line


def _ground(ground: Ground) -> str:
    match ground:
        case Span():
            return str(ground)
        case Posture():
            by = ground.set_by
            whose = f"of {by.value} callers" if isinstance(by, Audience) else f"in {by}"
            waiver = "" if ground.waiver is None else f", waived in {ground.waiver}"
            return f"posture {whose}, {ground.dimension}: {ground.value}{waiver}"


def _notes(explained: Explanation) -> Iterator[str]:
    if explained.again is not None:
        yield (
            f"decided again from revision {explained.revision.number},"
            f" {_decided(explained.again.refusal)}: something changed in that very second, or was"
            " taken back since"
        )
    if not explained.is_as_routed:
        yield (
            "the route's policy was another then: the API was narrowed, opened or published"
            " since; the steps are those of what is known"
        )
    if explained.now is not None:
        yield (
            f"revision {explained.serving.number} serves now, and differs in"
            f" {_parts(explained.now)}; {_with(explained.now)}"
        )
    if explained.on_disk is not None:
        yield (
            "the folder differs from what is served, and the places are the folder's:"
            f" {_parts(explained.on_disk)}; {_with(explained.on_disk)}"
        )


def _parts(changed: Changed) -> str:
    opened = (f"`{api}`, narrowed by hand then and open again" for api in changed.opened)
    return ", ".join((*map(part_in_words, changed.differing), *opened)) or "where it stands"


def _with(changed: Changed) -> str:
    if changed.is_otherwise is None:
        return "whether with that it ends otherwise, the log does not tell"
    if not changed.is_otherwise:
        return "it decides the same"
    return f"with that {_decided(changed.refusal)}"


def _decided(refusal: Refusal | None) -> str:
    return "it is let through" if refusal is None else f"it is refused ({refusal.word})"


def _ways_out(explained: Explanation) -> tuple[str, ...]:
    found = tuple(w for step in explained.steps for w in step.ways_out)
    if not found:
        return ()
    now, on_disk = explained.now, explained.on_disk
    if now is not None and now.is_otherwise and now.refusal is None:
        return (f"it is done: revision {explained.serving.number} lets it through",)
    if on_disk is not None and on_disk.is_otherwise and on_disk.refusal is None:
        return (
            "it is written, and not published: `forecourt open` lists what is held,"
            " `forecourt check` what is wrong",
            *found,
        )
    return found


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    width = max(60, shutil.get_terminal_size().columns) if is_terminal() else _WIDTH
    return wrap(
        printable(text),
        min(width, _WIDTH),
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first]


def _painted(text: str, colour: bool, outcome: Outcome) -> str:
    if not colour or outcome not in _COLOURS:
        return text
    return typer.style(text, fg=_COLOURS[outcome], bold=True)


# --- for programs ---------------------------------------------------------------------------------


def _document(explained: Explanation) -> dict[str, Any]:
    request, logged, refusal = explained.request, explained.logged, explained.refusal
    return {
        "version": JSON_VERSION,
        "request_id": None if logged is None else logged.request_id,
        "time": request.at.isoformat(),
        "listener": request.listener,
        "method": request.method,
        "path": request.path,
        "api": None if explained.route is None else explained.route.api.name,
        "api_version": None if explained.version is None else explained.version.name or None,
        "is_admitted": refusal is None,
        "reason": None if refusal is None else refusal.word,
        "problem": None if refusal is None else refusal.read(_status(explained) or 0) or None,
        "status": _status(explained),
        "revision": explained.revision.number,
        "serving": explained.serving.number,
        "steps": [_entry(step) for step in explained.steps],
        "notes": list(_notes(explained)),
        "ways_out": list(_ways_out(explained)),
    }


def _status(explained: Explanation) -> int | None:
    if explained.logged is not None:
        return explained.logged.status
    return None if explained.refusal is None else explained.refusal.status


def _entry(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "outcome": step.outcome.value,
        "says": step.says,
        "grounds": [_grounded(ground) for ground in step.grounds],
    }


def _grounded(ground: Ground) -> dict[str, str | None]:
    match ground:
        case Span():
            return {"place": str(ground)}
        case Posture():
            by = ground.set_by
            return {
                "dimension": ground.dimension,
                "value": ground.value,
                "set_by": by.value if isinstance(by, Audience) else str(by),
                "waiver": None if ground.waiver is None else str(ground.waiver),
            }
