"""What the user most likely meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is closest, if any is close enough to suggest."""
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.6)), None)


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """A suggestion in a sentence, or what to do where nothing is close."""
    close = nearest(word, known)
    return f"did you mean `{close}`?" if close is not None else otherwise
