"""What we call a key that somebody wrote in another product's words."""

from __future__ import annotations

import re
from collections.abc import Collection

from forecourt.source.vocabulary.foreign_names import FOREIGN_NAMES


def plain(key: str) -> str:
    """A key without what only its spelling adds: capitals, underscores, dashes."""
    return re.sub(r"[-_ .]", "", key).lower()


def our_name(written: str, keys: Collection[str]) -> str | None:
    """What we call a key that somebody wrote in another product's words, where `keys` are known.

    A dotted name stands one level further in.
    """
    meant = plain(written)
    for key in keys:
        if plain(key) == meant:
            return key
    for ours in FOREIGN_NAMES.get(meant, ()):
        if ours.partition(".")[0] in keys:
            return ours
    return None
