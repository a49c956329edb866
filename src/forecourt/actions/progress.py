"""How far something is, for whoever waits for it."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol


class Progress(Protocol):
    """Hears what goes on, between its beginning and its end."""

    def __call__(self, what: str, done: int = 0, total: int = 0, name: str = "") -> None:
        """What goes on now; where it can be counted, how many of how many are done, and which is
        next."""
        ...

    def __enter__(self) -> object:
        """Somebody may wait from now on."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """It is over, one way or the other."""
        ...


class Unheard:
    """Progress that nobody waits for."""

    def __call__(self, what: str, done: int = 0, total: int = 0, name: str = "") -> None:
        """Goes unheard."""

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass
