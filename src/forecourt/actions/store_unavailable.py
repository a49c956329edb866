"""The store did not answer."""

from __future__ import annotations


class StoreUnavailable(Exception):
    """The database cannot be reached, is locked for too long, or is not one this release can read.

    `because` is one line for the person who runs it, without secrets.
    """

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because
