"""The guide from one version of an API to another, as values."""

from __future__ import annotations

from dataclasses import dataclass, field

from forecourt.contract.lenses.interpreting import Nothing
from forecourt.contract.values import Json
from forecourt.estate.api import Api
from forecourt.estate.audience import Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One change in words, and why."""

    sentence: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The changes from one version to the next."""

    older: str
    newer: str
    summary: str
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A message as it is written: its first line, header fields and body."""

    line: str
    headers: tuple[tuple[str, str], ...] = ()
    body: Json | Nothing = field(default_factory=Nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A message in the older version, and the same in the newer."""

    older: Written
    newer: Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An operation whose messages differ. `gone`: why it is not there any more."""

    name: str
    request: Before | None = None
    answer: Before | None = None
    gone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """Everything that a caller of the older version has to know."""

    api: Api
    older: str
    newer: str
    audience: Audience
    steps: tuple[Step, ...]
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoGuide:
    """There is none, and why. `is_mistaken`: the estate has mistakes."""

    because: str
    is_mistaken: bool = False
