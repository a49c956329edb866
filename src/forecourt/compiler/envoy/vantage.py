"""Where a request comes in: the listener, and what is known of the connection by then."""

from __future__ import annotations

from dataclasses import dataclass

from forecourt.compiler.ir.callers import Issuer
from forecourt.compiler.ir.edge import Gateway, PublicKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class Vantage:
    """One filter chain.

    `listener` names the routes it serves. `partner_host` is the host of a partner whose certificate
    the chain demands; None elsewhere. `is_mesh`: services call here, by certificate or token.
    `lua_digest` changes when the edge's code does, so that an upgrade loads it.
    """

    gateway: Gateway
    listener: str
    is_mesh: bool
    partner_host: str | None
    issuers: tuple[Issuer, ...]
    keys: PublicKeys
    lua_digest: str
