"""A value that the other version cannot say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What cannot be said, and why: `reason` completes "this value …"."""

    reason: str
