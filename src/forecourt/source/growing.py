"""What grows large and is needed to the end grows without a search for garbage in between."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """Without a search for garbage while a large value is made that holds no cycles.

    Looking for cycles over and over is two thirds of the time that a document of 13 MB takes. What
    is made inside must not hold any either, or it stays until the next search.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
