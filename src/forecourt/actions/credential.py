"""Who holds a key: an owner has applications, an application has credentials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class OwnerKind(Enum):
    """Who answers for an application that calls from outside."""

    DEVELOPER = "developer"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A developer by name, or a partner by the id in its contract."""

    kind: OwnerKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What calls. `plan` None: the standard limit, or the partner's contract."""

    id: str
    name: str
    owner: Owner
    plan: str | None
    created_at: datetime

    @property
    def called(self) -> str:
        """How people call it: `developer:ada/shop`."""
        return f"{self.owner}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """A key was withdrawn: when, by whom, and why. `who` None: before that was recorded."""

    at: datetime
    who: str | None
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A key as it is remembered: never the key itself.

    `prefix` and `last_four` are what people may see of it; `name` is what they call it. `scopes`
    None: every scope that needs no user. `apis` None: every API that its owner has. `addresses` are
    the networks that it may come from, `203.0.113.0/24`; none: from anywhere. `last_used_at` is to
    the minute. `replaced_by` is the key that it was rotated to. Times have a zone.
    """

    id: str
    prefix: str
    last_four: str
    application: str
    scopes: tuple[str, ...] | None
    is_test: bool
    created_at: datetime
    expires_at: datetime | None
    revoked: Revocation | None
    name: str = ""
    apis: tuple[str, ...] | None = None
    addresses: tuple[str, ...] = ()
    last_used_at: datetime | None = None
    replaced_by: str | None = None

    @property
    def shown(self) -> str:
        """How people recognise it: `fc_live_4Tgk…3xQz`."""
        return f"{self.prefix}…{self.last_four}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldKey:
    """A key and the application that holds it."""

    credential: Credential
    application: Application
