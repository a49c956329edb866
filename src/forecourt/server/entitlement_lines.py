"""How the edge reads an entitlement: a line a fact, words separated by spaces."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from forecourt.actions.entitlement import Entitlement
from forecourt.compiler.envoy.policy import epoch


def entitlement_lines(entitlement: Entitlement) -> str:
    """One `name value…` line each, values percent-encoded (RFC 3986) but for `:/@`.

    `api *` is every API the audience sees, `api NAME *` every version it sees; no `api` line at all
    is no API. `scopes *` is every scope that needs no user.
    """
    return "".join(f"{' '.join(line)}\n" for line in _lines(entitlement))


def _lines(e: Entitlement) -> Iterator[tuple[str, ...]]:
    yield "credential", _word(e.credential)
    yield "application", _word(e.application)
    yield "consumer", _word(e.consumer)
    yield "audience", e.audience.value
    yield "bucket", _word(e.bucket)
    yield "limit", str(e.limit.per_minute)
    yield "capacity", _number(e.limit.capacity)
    if e.grants is None:
        yield "api", "*"
    for grant in e.grants or ():
        versions = ("*",) if grant.versions is None else grant.versions
        yield "api", _word(grant.api), *(v if v == "*" else _word(v) for v in versions)
    yield "scopes", *(("*",) if e.scopes is None else map(_word, e.scopes))
    yield "features", *map(_word, e.features)
    for sunset in e.sunsets:
        yield "sunset", _word(sunset.api), _word(sunset.version), str(epoch(sunset.on))
    if e.must_bring_certificate:
        yield "certificate", "required"
    if e.expires_at is not None:
        yield "expires", str(int(e.expires_at.timestamp()))
    yield "fresh", str(e.memory.fresh)
    yield "grace", str(e.memory.grace)


def _word(text: str) -> str:
    """Without a space, a line's end or a bare `*`."""
    return quote(text, safe=":/@")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
