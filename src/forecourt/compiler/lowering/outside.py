"""What of an API stands on the external listener: nothing that is narrower than partner."""

from __future__ import annotations

from dataclasses import replace

from forecourt.compiler.ir.apis import Api
from forecourt.compiler.lowering.apis import EXTERNAL


def seen_outside(api: Api) -> Api | None:
    """The API without what only colleagues may know of; None where nothing is left.

    Drafts and previews are absent, and so are the services that may call and what holds for them:
    what is not there cannot be asked for, whatever is wrong with the code that decides.
    """
    released = tuple(v for v in api.versions if v.is_released)
    if EXTERNAL not in api.listeners or not released:
        return None
    return replace(
        api,
        versions=released,
        allow=None,
        callers=tuple(c for c in api.callers if c.audience.is_external),
    )
