"""How values of contracts are told to people."""

from __future__ import annotations

from collections.abc import Iterable

from forecourt.contract.values import Json, encode

_LONGEST = 60


def told(value: Json) -> str:
    """A value in backticks, shortened."""
    text = value if isinstance(value, str) else encode(value).decode()
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return f"`{text}`"


def listed(names: Iterable[str]) -> str:
    """`a`, `b`."""
    return ", ".join(f"`{name}`" for name in sorted(names))
