"""What an act leaves behind: when, who and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """When something was done, by whom, and why (empty: nobody said)."""

    at: datetime
    who: str
    because: str = ""
