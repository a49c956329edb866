"""Pieces of sentences that several steps use."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import datetime

from forecourt.actions.revision import Narrowing
from forecourt.compiler.ir.apis import Version
from forecourt.compiler.ir.callers import Limit
from forecourt.diagnostics import Span
from forecourt.estate.rate_limit import RateLimit


def moment(at: datetime) -> str:
    """`2026-03-01 12:30:15 UTC`."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def at(place: Span | None) -> str:
    """` in apis/users/api.yaml:8:1`; nothing where there is no place."""
    return "" if place is None else f" in {place}"


def listed(words: Iterable[str]) -> str:
    """`a, b, c`, or `none`."""
    return ", ".join(words) or "none"


def version_of(api: str, version: Version) -> str:
    """`payments version 2`; the API alone where it has no versions."""
    return f"`{api}` version {version.name}" if version.name else f"`{api}`"


def limit(of: Limit) -> str:
    """`100 a minute, 25 at once`."""
    return f"{of.per_minute:,} a minute, {int(of.capacity):,} at once"


def pace(of: RateLimit) -> str:
    """`100 a minute, 25 at once`, as a file says it."""
    return f"{of.requests_per_minute:,} a minute, {int(of.capacity):,} at once"


def quotas(of: Limit) -> str:
    """`1,000 a day, 20,000 a month`; `quota` where there is none any more."""
    declared = (("day", of.per_day), ("month", of.per_month))
    return ", ".join(f"{n:,} a {window}" for window, n in declared if n is not None) or "quota"


def on_record(narrowing: Narrowing) -> str:
    """`narrowed to internal by hand, by ada on 2026-03-01 12:30:15 UTC (a leak)`."""
    because = f" ({narrowing.because})" if narrowing.because else ""
    return (
        f"narrowed to {narrowing.audience.value} by hand, by {narrowing.who}"
        f" on {moment(narrowing.at)}{because}"
    )


def command(*words: str) -> str:
    """`forecourt WORDS`, to be copied into a shell: callers write paths, and may mean harm."""
    return shlex.join(["forecourt", *words])
