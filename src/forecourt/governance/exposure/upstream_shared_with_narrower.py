"""An external API passes requests to a service that a narrower API stands for.

Why it matters
    The audience of an API guards its door, not the service behind it. If the public API and the
    internal one lead to the same paths of the same service, then what the internal door keeps from
    strangers can be asked for through the public one.

Bad
    # apis/users/api.yaml
    audience: internal
    upstream: {url: http://users.identity.svc:8080}

    # apis/refunds/api.yaml
    audience: public
    upstream: {url: http://users.identity.svc:8080}

Good
    # apis/users/api.yaml
    audience: internal
    upstream: {url: http://users.identity.svc:8080/users}

    # apis/refunds/api.yaml
    audience: public
    upstream: {url: http://users.identity.svc:8080/refunds}

    A port or a host of its own is better still.

When to waive
    When the service itself tells the two apart, for example by `Forecourt-Audience`, and somebody
    has tested that it does. Name the version where only one version shares its upstream.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, takewhile
from typing import TypeAlias

from forecourt.diagnostics import Severity
from forecourt.estate.api import Api
from forecourt.governance.rule import Finding, Rule, Subject
from forecourt.governance.upstreams import Backend, backends

_NAMED = 3

Tenant: TypeAlias = tuple[Api, Backend]


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each upstream that leads to what a narrower API stands for."""
    tenants: dict[tuple[str, int], list[Tenant]] = defaultdict(list)
    for api in subject.estate.apis.values():
        for backend in backends(api):
            tenants[backend.address].append((api, backend))
    for shared in tenants.values():
        narrowest = min(api.audience for api, _ in shared)
        paths = _ByPath(shared)
        for api, backend in shared:
            if narrowest < api.audience:
                yield from _exposed(api, backend, paths)


class _ByPath:
    """The tenants of one service by base path, for a thousand of them."""

    def __init__(self, tenants: Iterable[Tenant]) -> None:
        self._tenants: dict[str, list[Api]] = defaultdict(list)
        for api, backend in tenants:
            self._tenants[backend.base_path].append(api)
        self._sorted = sorted(self._tenants)

    def overlapping(self, path: str) -> Iterator[Api]:
        """Whose base path begins with this one, or is the beginning of it."""
        above = (path[: i + 1] for i, c in enumerate(path[:-1]) if c == "/")
        below = self._sorted[bisect_left(self._sorted, path) :]
        for other in chain(above, takewhile(lambda p: p.startswith(path), below)):
            yield from self._tenants.get(other, ())


def _exposed(api: Api, backend: Backend, paths: _ByPath) -> Iterator[Finding]:
    narrower = sorted(
        {a.name for a in paths.overlapping(backend.base_path) if a.audience < api.audience}
    )
    if not narrower:
        return
    names = [f"`{name}`" for name in narrower]
    more = len(names) - _NAMED
    listed = ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    yield Finding(
        message=f"{api.audience.value} callers of `{api.name}` reach the service behind {listed}, "
        "which is for a narrower audience",
        span=backend.span,
        help="give it a base path, a port or a host that the narrower API does not share; or waive "
        f"`{RULE.name}` for `{api.name}` if the service tells the audiences apart",
        api=api.name,
        version=backend.version,
    )


RULE = Rule(
    code="FC202",
    name="upstream-shared-with-narrower",
    summary="an external API leads to a service that a narrower API stands for",
    severity=Severity.ERROR,
    since="0.1",
    waivable=True,
    check=check,
    explanation=__doc__,
)
