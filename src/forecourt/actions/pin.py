"""The version of an API that an application gets where it names none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from forecourt.compiler.ir.callers import Pin

# Who pinned what nobody did: the application's first call.
FIRST_CALL = "first call"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class PinRecord:
    """A pin, with who set it, and when. `application` is called as the access log calls it."""

    application: str
    api: str
    version: str
    at: datetime
    who: str


class KnownPins(Protocol):
    """What the edge's answers need of pins."""

    async def pins_of(self, application: str) -> tuple[Pin, ...]:
        """The pins of an application, by API."""
        ...


class Pins(KnownPins, Protocol):
    """Where pins are kept; a change is news about the application."""

    async def records(self) -> tuple[PinRecord, ...]:
        """Every pin, by application and API."""
        ...

    async def pin(self, record: PinRecord) -> None:
        """Sets it, in the place of an earlier one."""
        ...

    async def pin_first(self, records: Sequence[PinRecord]) -> tuple[PinRecord, ...]:
        """Sets those of applications that have none. Those that were unpinned since are not set,
        and come back."""
        ...

    async def unpin(self, application: str, api: str, at: datetime, who: str) -> bool:
        """Takes it away; whether there was one. A call from before does not bring it back."""
        ...
