"""Which published parts the mistakes of an estate hold back."""

from __future__ import annotations

from forecourt.actions.check_estate import Examined
from forecourt.actions.parts import API, GATEWAY, Parts, api_part
from forecourt.actions.published import PARTNER, PREFIX
from forecourt.contract.codes import holds_back
from forecourt.diagnostics import Diagnostic, Span
from forecourt.governance import part_of
from forecourt.governance.part import ORGANIZATION


def errors_by_part(examined: Examined, before: Parts) -> dict[str, tuple[Diagnostic, ...]]:
    """The errors of an estate, by the published part that they hold back.

    A folder that cannot be listed holds back all of `before` that may have come from it. What only
    costs operations of a contract holds back nothing: the others are served.
    """
    found: dict[str, list[Diagnostic]] = {}
    for diagnostic in examined.diagnostics:
        if holds_back(diagnostic):
            for part in _held_back(diagnostic.span, examined, before):
                found.setdefault(part, []).append(diagnostic)
    return {part: tuple(diagnostics) for part, diagnostics in found.items()}


def _held_back(span: Span, examined: Examined, before: Parts) -> tuple[str, ...]:
    """The parts that an error at that place keeps from moving."""
    if (below := _FOLDERS.get(span.path)) is not None:
        return tuple(part for part in before if part.startswith(below))
    declared = part_of(span, examined.estate)
    users = tuple(map(api_part, examined.apis_made_of(span.path)))
    if not users:
        return published_parts(declared)
    # A file that contracts refer to says nothing of the organisation, wherever it lies.
    known = {*before, *map(api_part, examined.estate.apis)}
    own = () if declared == ORGANIZATION else published_parts(declared)
    return tuple(dict.fromkeys((*(part for part in own if part in known), *users)))


# Folders of the estate, and the parts that are made from what lies in them.
_FOLDERS = {"apis": API, "partners": PARTNER, "waivers": API, ".": "", "": ""}


def published_parts(declared: str) -> tuple[str, ...]:
    """The published parts that a part of the estate becomes."""
    match declared.split("/"):
        case ["api", _]:
            return (declared,)
        case ["partner", name]:
            return (f"{PARTNER}{name}",)
        case ["services" | "plans"]:
            return (f"{PREFIX}{declared}",)
        case ["sla"]:
            return ()
        case _:
            return (GATEWAY, f"{PREFIX}issuers")
