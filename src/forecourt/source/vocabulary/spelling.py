"""The word that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

# As close as `publc` to `public`, but not as `internal` to `external`.
_CLOSE_ENOUGH = 0.7
_LONGEST = 100


def nearest(written: str, words: Iterable[str]) -> str | None:
    """The one of these words that a text comes closest to, if it comes close."""
    if len(written) > _LONGEST:
        return None
    plain = {_plain(word): word for word in words}
    found = difflib.get_close_matches(_plain(written), plain, n=1, cutoff=_CLOSE_ENOUGH)
    return plain[found[0]] if found else None


def _plain(word: str) -> str:
    return word.lower().replace("-", "_").replace(" ", "_")
