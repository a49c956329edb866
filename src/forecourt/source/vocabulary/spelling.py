"""The word that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

# As close as `paht` to `path`. Words that begin differently must be closer: `external` is as near
# to `internal`, and means the opposite.
_CLOSE_ENOUGH = 0.7
_CLOSE_ENOUGH_FROM_ANOTHER_LETTER = 0.8
_LONGEST = 100


def nearest(written: str, words: Iterable[str]) -> str | None:
    """The one of these words that a text comes closest to, if it comes close."""
    if len(written) > _LONGEST:
        return None
    plain = {_plain(word): word for word in words}
    meant = _plain(written)
    for found in difflib.get_close_matches(meant, plain, cutoff=_CLOSE_ENOUGH):
        ratio = difflib.SequenceMatcher(None, meant, found).ratio()
        if found[:1] == meant[:1] or ratio >= _CLOSE_ENOUGH_FROM_ANOTHER_LETTER:
            return plain[found]
    return None


def _plain(word: str) -> str:
    return word.lower().replace("-", "_").replace(" ", "_")
