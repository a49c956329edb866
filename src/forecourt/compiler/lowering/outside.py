"""What of an API stands on which listener: outside nothing that is narrower than partner."""

from __future__ import annotations

from dataclasses import replace

from forecourt.compiler.ir.apis import Api, Version
from forecourt.compiler.lowering.apis import EXTERNAL


def seen_outside(api: Api) -> Api | None:
    """The API without what only colleagues may know of; None where nothing is left.

    Drafts are absent, and so are the services that may call, what holds for them, and
    the contracts as they see them:
    what is not there cannot be asked for, whatever is wrong with the code that decides.
    """
    released = tuple(_seen(v) for v in api.versions if v.is_released)
    if EXTERNAL not in api.listeners or not released:
        return None
    return replace(
        api,
        versions=released,
        allow=None,
        callers=tuple(c for c in api.callers if c.audience.is_external),
    )


def seen_inside(api: Api) -> Api:
    """The API without what callers have who bring no credential: inside, everybody brings one."""
    if all(version.anonymous is None for version in api.versions):
        return api
    return replace(api, versions=tuple(replace(v, anonymous=None) for v in api.versions))


def _seen(version: Version) -> Version:
    seen = tuple(c for c in version.contracts if c.audience.is_external)
    return replace(version, contracts=seen)
