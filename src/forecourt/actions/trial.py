"""What the edge is asked of a request that nobody made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from forecourt.compiler.ir.apis import CallerPolicy
from forecourt.edge.trial import Tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A request that came as far as its contract.

    `way_in` is the digest of the contract's way in, `content` that itself; it stands below
    `prefix`. `target` is the path with its query.
    """

    caller: CallerPolicy
    way_in: str
    content: bytes = field(repr=False)
    method: str
    prefix: str
    target: str


class Trials(Protocol):
    """What explaining needs of the edge, for requests that nobody made."""

    async def of(self, trial: Trial) -> Tried | None:
        """What the edge says of path and query; None where it cannot be asked."""
        ...
