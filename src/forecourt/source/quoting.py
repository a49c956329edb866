"""What a user wrote, as messages quote it."""

from __future__ import annotations

import re

_LONGEST_SHOWN = 60

# What stands before the `@` of a URL is a secret more often than not, and messages are kept.
_CREDENTIALS = re.compile(r"(?<=//)[^/@\s]+(?=@)")


def shown(text: str) -> str:
    """A user's text as a message quotes it: on one line, not too long, without credentials."""
    text = _CREDENTIALS.sub("…", text)
    line = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return f"`{line[:_LONGEST_SHOWN]}…`" if len(line) > _LONGEST_SHOWN else f"`{line}`"
