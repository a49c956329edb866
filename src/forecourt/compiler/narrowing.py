"""An API made narrower than its file says."""

from __future__ import annotations

from dataclasses import replace

from forecourt.compiler.ir.apis import Api, Version
from forecourt.compiler.lowering.apis import INTERNAL
from forecourt.estate.audience import Audience, narrower, sees
from forecourt.estate.posture import WITHOUT_CREDENTIAL


def narrowed(api: Api, audience: Audience) -> Api:
    """The API for callers of that audience and narrower ones only; never wider than it was."""
    effective = narrower(api.audience, audience)
    return replace(
        api,
        audience=effective,
        listeners=api.listeners if effective.is_external else (INTERNAL,),
        callers=tuple(c for c in api.callers if sees(c.audience, effective)),
        versions=tuple(_narrowed(version, effective) for version in api.versions),
    )


def _narrowed(version: Version, audience: Audience) -> Version:
    seen = tuple(c for c in version.contracts if sees(c.audience, audience))
    if sees(WITHOUT_CREDENTIAL, audience):
        return replace(version, contracts=seen)
    return replace(version, contracts=seen, anonymous=None)
