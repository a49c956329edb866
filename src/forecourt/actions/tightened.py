"""APIs whose answers are filtered from now on, after they were only observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forecourt.actions.leak import Leak, Leaks
from forecourt.actions.parts import API, Parts, api_of
from forecourt.compiler.ir.apis import Api
from forecourt.estate.audience import Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class Tightened:
    """An API, and what was observed that leaves no more: the most frequent first."""

    api: str
    leaks: tuple[Leak, ...]


async def tightened(
    before: Parts, changed: Mapping[str, str | None], leaks: Leaks
) -> tuple[Tightened, ...]:
    """Those of what changed."""
    found = []
    for part, text in sorted(changed.items()):
        old = before.get(part)
        if not part.startswith(API) or text is None or old is None:
            continue
        api = api_of(text, part)
        if _observed(api_of(old, part)) & _filtered(api):
            seen = [leak for leak in await leaks.of(api.name) if leak.at.check == "observe"]
            often = sorted(seen, key=lambda leak: (-leak.times, leak.at))
            found.append(Tightened(api=api.name, leaks=tuple(often)))
    return tuple(found)


def _observed(api: Api) -> set[Audience]:
    return {c.audience for c in api.callers if c.response_check == "observe"}


def _filtered(api: Api) -> set[Audience]:
    return {c.audience for c in api.callers if c.response_check == "filter"}
