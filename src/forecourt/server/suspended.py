"""Who is suspended, in memory, where every resolution looks."""

from __future__ import annotations

from forecourt.actions.suspension import KnownSuspensions, Suspended, suspended_by


class StandingSuspensions:
    """The suspensions that this process knows of. They are read with the news of them, so that an
    edge that asks after hearing it is answered by them, and no answer waits for the database."""

    def __init__(self, suspensions: KnownSuspensions) -> None:
        self._suspensions = suspensions
        self._suspended = Suspended()

    def __call__(self) -> Suspended:
        """Those who are stopped."""
        return self._suspended

    async def refresh(self) -> None:
        """Reads them again. Raises `StoreUnavailable`."""
        self._suspended = suspended_by(await self._suspensions.standing())
