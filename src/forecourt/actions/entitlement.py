"""What a credential stands for: who calls, how often, and what they may reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from forecourt.actions.quota import QuotaState
from forecourt.compiler.ir.callers import AgreedSunset, Grant, Limit, Pin
from forecourt.estate.audience import Audience
from forecourt.estate.posture import POSTURES
from forecourt.estate.precedence import LEAST_TIER, precedence


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """How long the edge may remember an answer, in seconds.

    After `fresh` it asks again. While nobody answers it goes by what it knows for `grace` more.
    """

    fresh: int
    grace: int


# A withdrawal reaches the edge as news, within a second, and an edge that missed news forgets all;
# asking again every ten minutes is the net under that. How long an edge goes on alone is a
# matter of trust.
MEMORY: Mapping[Audience, Memory] = MappingProxyType(
    {
        # The organisation keeps running over a night in which nobody repairs the control plane.
        Audience.INTERNAL: Memory(fresh=600, grace=24 * 3600),
        # Long enough for somebody to be called; a contract ends on a day, not in an hour.
        Audience.PARTNER: Memory(fresh=600, grace=3600),
        # A restart or a short outage; a stranger's key that leaked must not live on for long.
        Audience.PUBLIC: Memory(fresh=600, grace=15 * 60),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Nothing of a caller is let in for a while; `until` None: until somebody says otherwise."""

    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """What follows from a credential.

    `credential` is its public id, never the secret. `consumer` is the owner: `service:orders`,
    `partner:partner_acme_corp`, `developer:ada`. `subject` is the person a token names, None where
    it names nobody. `bucket` is what the limit belongs to, `beside` what those of APIs and
    operations do where that is another: of who is slowed down they are its owner's. `grants`
    None: every API its audience sees. `scopes` None: every scope that needs no user.
    `pins` None: nobody can say now what the application is pinned to.
    `must_bring_certificate`: a key or a token alone is refused. `is_test`: the mock answers.
    `addresses` are the networks that it may come from (CIDR); none: from anywhere. `stop`: it is
    refused all the same. `ask_again`: something in it ends after so many seconds. `exhausted` is
    the quota that is used up. `tier` is the class of what was promised to a partner.
    """

    credential: str
    application: str
    consumer: str
    audience: Audience
    bucket: str
    limit: Limit
    beside: str | None = None
    grants: tuple[Grant, ...] | None = None
    scopes: tuple[str, ...] | None = None
    features: tuple[str, ...] = ()
    sunsets: tuple[AgreedSunset, ...] = ()
    pins: tuple[Pin, ...] | None = ()
    subject: str | None = None
    must_bring_certificate: bool = False
    is_test: bool = False
    expires_at: datetime | None = None
    addresses: tuple[str, ...] = ()
    stop: Stop | None = None
    ask_again: int | None = None
    exhausted: QuotaState | None = None
    tier: int = LEAST_TIER

    @property
    def user_bucket(self) -> str | None:
        """What a person's share belongs to; None: there is no person, or nobody has a share."""
        if self.subject is None or self.limit.per_user is None:
            return None
        return f"{self.application} for {self.subject}"

    @property
    def precedence(self) -> int:
        """Who is turned away before whom: the first at 0."""
        return precedence(POSTURES[self.audience].shedding, self.tier)

    @property
    def memory(self) -> Memory:
        """How long the edge may remember this."""
        usual = MEMORY[self.audience]
        if self.ask_again is None or usual.fresh <= self.ask_again:
            return usual
        return replace(usual, fresh=self.ask_again)


UnknownReason = Literal[
    "malformed",  # it cannot be a credential of that kind
    "unknown",  # nobody was given it
    "revoked",
    "expired",
    "suspended",  # its application is stopped for a while, or its owner
    "undeclared",  # its owner or issuer is not, or no longer, in the estate
    "not_accepted",  # such credentials do not count for such callers, or at this listener
]


@dataclass(frozen=True, slots=True)
class Unknown:
    """The credential stands for nobody; why, for logs and metrics."""

    reason: UnknownReason
