"""Media types as contracts write them."""

from __future__ import annotations

import re

_JSON = re.compile(r"(?:.*[/+]json|\*/\*|application/\*)(?:\s*;.*)?", re.IGNORECASE | re.DOTALL)


def is_json(media_type: str) -> bool:
    """Whether it is JSON, or a range under which JSON is what is sent."""
    return _JSON.fullmatch(media_type) is not None
