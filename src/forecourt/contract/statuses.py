"""The keys of an operation's responses."""

from __future__ import annotations

import re

_STATUS = re.compile(r"[1-5](?:[0-9]{2}|XX|xx)|default")


def is_status(key: str) -> bool:
    """Whether it is a status, a range as `4XX`, or `default`."""
    return _STATUS.fullmatch(key) is not None
