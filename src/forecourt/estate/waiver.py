"""An exception to a rule, with an owner and an end: `waivers/NAME.yaml`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from forecourt.diagnostics import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """Lets one rule (by name or code) pass for one API, or one version of it, until it expires.

    `expires` is the first day on which it no longer counts.
    """

    name: str
    rule: str
    api: str
    version: str | None
    owner: str
    because: str
    approved_by: tuple[str, ...]
    expires: date
    dimension: str | None = None
    places: Places = field(compare=False, repr=False)

    def is_expired(self, today: date) -> bool:
        """Whether it no longer counts on that day."""
        return today >= self.expires
