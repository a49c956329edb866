"""What is declared of APIs, as far as it says what must not be reached from outside."""

from __future__ import annotations

from dataclasses import dataclass

from forecourt.estate.audience import Audience


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """Where a service listens; `base` is the path below which it is the API's."""

    host: str
    port: int
    base: str = "/"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class GuardedOperation:
    """An operation, and the widest audience that may know of it. `is_for_anybody`: it may be called
    without a credential."""

    version: str
    method: str
    template: str
    audience: Audience
    is_for_anybody: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """An API as it is declared: who may know of it, where its services are, what it offers.

    `released` are the versions that callers outside may know of, `unreleased` the others.
    `previews` are for those among them who have a feature.
    """

    name: str
    audience: Audience
    places: frozenset[Place]
    released: frozenset[str]
    unreleased: frozenset[str] = frozenset()
    previews: frozenset[str] = frozenset()
    operations: tuple[GuardedOperation, ...] = ()

    @property
    def is_outside(self) -> bool:
        """Whether anybody outside may know of it."""
        return self.audience.is_external


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Something that can be reached and should not be: where it stands, and why it is one."""

    place: str
    because: str

    def __str__(self) -> str:
        return f"{self.place}: {self.because}"
