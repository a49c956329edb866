"""Wait for what will come, by looking; a deadline says when it will not."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal, TypeVar

T = TypeVar("T")

# Generous: other tests share the cores. What must be quick is said where it matters.
SECONDS = 15.0
# Of what the gateway does within a second on a quiet machine. How soon a key is refused there is
# measured by bench/revocation.py.
SOON = 10.0
_BETWEEN_LOOKS = 0.02


def eventually(
    look: Callable[[], T | Literal[False] | None], *, what: str, within: float = SECONDS
) -> T:
    """What `look` gives as soon as it gives something true. `AssertionError` after the deadline.

    A look that fails an assertion counts as nothing seen; the last such failure is told.
    """
    deadline = time.monotonic() + within
    failure: AssertionError | None = None
    while True:
        try:
            if seen := look():
                return seen
            failure = None
        except AssertionError as error:
            failure = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:g} s: {what}") from failure
        time.sleep(_BETWEEN_LOOKS)
