"""Whether a path reads the same to everybody, as `edge/lua/forecourt/paths.lua` decides it."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

# `%`, `/`, `;` and `\`: what a second reading would take for syntax.
_SYNTAX = frozenset(b"%/;\\")

# Letters that NFKC or a best-fit table takes for `.`, `/`, `;`, `\` or `%`.
_LOOK_ALIKE = frozenset(
    map(
        chr,
        (
            *(0x37E, 0x2024, 0x2025, 0x2044, 0x2215, 0x2216),
            *(0xFE52, 0xFE54, 0xFE68, 0xFE6A, 0xFF05, 0xFF0E, 0xFF0F, 0xFF1B, 0xFF3C),
        ),
    )
)

# Some servers drop what follows a semicolon, some file systems spaces.
_DOTS = re.compile(r" *\.\.? *\Z| *\.\.? *;")
_ESCAPE = re.compile("%(.?.?)", re.DOTALL)
_HEX = re.compile("[0-9A-Fa-f]{2}")


def is_plain(path: str) -> bool:
    """Whether a path, with its query, reads one way only. It is what Envoy has normalised."""
    path = path.partition("?")[0]
    if "%" not in path and ".;" not in path:
        return True
    for escape in _ESCAPE.findall(path):
        code = int(escape, 16) if _HEX.fullmatch(escape) else 0
        if code < 32 or code == 127 or code in _SYNTAX:
            return False
    try:
        text = unquote_to_bytes(path.encode("utf-8", "surrogateescape")).decode()
    except UnicodeDecodeError:
        return False
    if not _LOOK_ALIKE.isdisjoint(text):
        return False
    return not any(_DOTS.match(segment) for segment in text.split("/"))
