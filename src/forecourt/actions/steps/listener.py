"""Where the request came in. It refuses nothing: what is not on a listener does not exist there."""

from __future__ import annotations

from forecourt.actions.steps.case import Case
from forecourt.actions.steps.places import in_organization
from forecourt.actions.steps.step import StepKind, Told, never


def _passed(case: Case) -> Told:
    listener = case.listener
    return Told(
        says=f"{listener.name}, {listener.host}:{listener.port}",
        grounds=(in_organization(case, f"listeners.{listener.name}"),),
    )


STEP = StepKind(name="listener", refuses=never, passed=_passed, refused=_passed)
