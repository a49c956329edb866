"""Media types as contracts write them."""

from __future__ import annotations

import re

# RFC 9110, section 8.3.1; a range stands for several.
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_MEDIA_TYPE = re.compile(rf"{_TOKEN}/{_TOKEN}\s*(?:;.*)?", re.DOTALL)
_JSON = re.compile(r"(?:.*[/+]json|\*/\*|application/\*)(?:\s*;.*)?", re.IGNORECASE | re.DOTALL)


def is_media_type(name: str) -> bool:
    """Whether a body could be of it: `application/json`, `text/*`, `*/*`."""
    return _MEDIA_TYPE.fullmatch(name) is not None


def is_json(media_type: str) -> bool:
    """Whether it is JSON, or a range under which JSON is what is sent."""
    return _JSON.fullmatch(media_type) is not None
