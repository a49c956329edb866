"""What was narrowed by hand when a logged request came, though it was opened again since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from forecourt.actions.estate_states import named, state_of
from forecourt.actions.parts import Parts, api_part
from forecourt.actions.presented import ListenerName
from forecourt.actions.revision import Narrowing, Revision, RevisionKind
from forecourt.compiler.deciding import route_of
from forecourt.edge.logged_request import LoggedRequest
from forecourt.estate.audience import Audience

_BY_NAME = frozenset({RevisionKind.NARROW, RevisionKind.OPEN})


class PartRecord(Protocol):
    """What the record of revisions has of one part."""

    async def newest_on(
        self, part: str, *, kinds: frozenset[RevisionKind], by: datetime
    ) -> Revision | None:
        """The last one of these kinds that named the part, and was published by that moment."""
        ...


async def narrowed_then(
    logged: LoggedRequest,
    parts: Parts,
    standing: Mapping[str, Narrowing],
    record: PartRecord,
) -> Mapping[str, Narrowing]:
    """`standing`, and what had narrowed the API that stands at the request's path.

    `parts` are those that were served then. The record says that an API was narrowed, when, by whom
    and why; how far, the route tells that the request took: its name has the digest of its policy.
    """
    listener: ListenerName = "internal" if logged.listener == "internal" else "external"
    path = logged.path.partition("?")[0]
    declared = route_of(state_of(parts, standing).edge.apis, listener, path)
    if declared is None or declared.api.name in standing:
        return standing
    api = declared.api
    last = await record.newest_on(api_part(api.name), kinds=_BY_NAME, by=logged.time)
    if last is None or last.kind is not RevisionKind.NARROW:
        return standing
    for audience in sorted(Audience):
        if audience < api.audience:
            narrowing = Narrowing(
                api=api.name, audience=audience, at=last.at, who=last.who, because=last.because
            )
            narrowed = {**standing, api.name: narrowing}
            route = route_of(state_of(parts, narrowed).edge.apis, listener, path)
            if named(route) == logged.route:
                return narrowed
    return standing
