"""Takes secrets out of what Envoy says: where it crashes, it prints what it was busy with."""

from __future__ import annotations

import re

REDACTED = "[redacted]"

# Fields of which no value is printed, whatever it looks like.
_FIELDS = (
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-api-key",
    "x-internal-service-token",
    "x-forwarded-client-cert",
    "forecourt-credential",
)
# `'name', 'value'` and `name: value`, as its dumps and its messages write fields.
_FIELD = re.compile(
    rf"""(?P<name>\b(?:{"|".join(_FIELDS)})['"]?\s*[,:=]\s*)(?P<value>\S.*)""", re.IGNORECASE
)

# What is a secret wherever it stands: our keys, and signed tokens (RFC 7515, compact).
_SECRET = re.compile(
    r"fc_[a-z]+_[\w-]+|\beyJ[\w-]+\.[\w-]+\.[\w-]*|(?<=\bbearer )[^\s'\"]+", re.IGNORECASE
)


def redacted(line: str) -> str:
    """The line without the values of fields that prove who calls, and without keys and tokens.

    A field's value is taken off to the end of the line: where it ends is for the caller to choose.
    """
    return _SECRET.sub(REDACTED, _FIELD.sub(rf"\g<name>{REDACTED}", line))


def without_secrets(text: str) -> str:
    """A text without keys and tokens, wherever they stand in it."""
    return _SECRET.sub(REDACTED, text)
