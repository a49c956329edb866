"""What of requests the edge does not judge itself, as somebody above this layer says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from forecourt.contract.model import Contract
from forecourt.contract.values import Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A part of an operation's requests that is left to others, and what in its schema makes it so.

    `part` is `body application/json`, or a parameter: `query.limit`. `at` is the keyword's place in
    the document. `is_judged` False: by nobody.
    """

    method: str
    template: str
    part: str
    at: Pointer
    reason: str
    is_judged: bool = True


# Says what of a contract is left to others.
LeftOf = Callable[[Contract], Iterable[Left]]


def nothing(contract: Contract) -> Iterable[Left]:
    """For those who do not want to know."""
    return ()
