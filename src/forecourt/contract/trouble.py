"""What is wrong at one place of a document, before it is known what depends on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from forecourt.contract.values import Pointer
from forecourt.source.codes import Code

# Whether the key is meant, or the value that stands at it.
On: TypeAlias = Literal["key", "value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A mistake, and where.

    `alike`: those that say the same of other places are told as one.
    """

    code: Code
    at: Pointer
    message: str
    help: str | None = None
    on: On = "key"
    alike: str = ""
