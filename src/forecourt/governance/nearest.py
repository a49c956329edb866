"""What the user most likely meant, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from forecourt.source.vocabulary.spelling import nearest


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """A suggestion in a sentence, or what to do where nothing is close."""
    close = nearest(word, known)
    return f"did you mean `{close}`?" if close is not None else otherwise
