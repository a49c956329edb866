"""Names that end up in paths, headers and file names, and so are narrow."""

from __future__ import annotations

import re

from forecourt.source.codes import BAD_NAME, BAD_TEXT
from forecourt.source.vocabulary.shape import text_shape
from forecourt.source.vocabulary.words import Parsed

LONGEST_NAME = 63
_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
_VERSION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,30}[A-Za-z0-9])?")
_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,127})")
_PERCENTILE = re.compile(r"p(?:[1-9][0-9]?|99[0-9]{0,2}|99\.[0-9]{1,3}|100)")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CLAIM = re.compile(r"[\x21-\x7e]{1,128}")


def is_name(text: str) -> bool:
    """Whether it can name an API, a service, a partner or a plan."""
    return _NAME.fullmatch(text) is not None


def as_name(text: str) -> str | None:
    """The nearest text that can be a name, if one is near."""
    near = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:LONGEST_NAME]
    return near if is_name(near) else None


def _name(text: str) -> str | None:
    return text if is_name(text) else None


def _name_like(text: str) -> str | None:
    near = as_name(text)
    return f"write `{near}`" if near is not None else None


def _matching(pattern: re.Pattern[str], text: str) -> str | None:
    return text if pattern.fullmatch(text) else None


def _sha256(text: str) -> str | None:
    return _matching(_SHA256, text.replace(":", "").lower())


NAME = Parsed(
    expects=f"a name: small letters, digits and `-`, from a letter on, up to {LONGEST_NAME}",
    code=BAD_NAME,
    parse=_name,
    looks=text_shape(_NAME.pattern),
    hint=_name_like,
)
VERSION_NAME = Parsed(
    expects="the name of a version: letters, digits, `.`, `_` and `-`, up to 32",
    code=BAD_NAME,
    parse=lambda text: _matching(_VERSION, text),
    looks=text_shape(_VERSION.pattern, numbers=True),
)
ID = Parsed(
    expects="an identifier: letters, digits, `.`, `_`, `:` and `-`, up to 128",
    code=BAD_NAME,
    parse=lambda text: _matching(_ID, text),
    looks=text_shape(_ID.pattern, numbers=True),
)
PERCENTILE = Parsed(
    expects="a percentile such as `p95` or `p99.9`",
    code=BAD_NAME,
    parse=lambda text: _matching(_PERCENTILE, text),
    looks=text_shape(_PERCENTILE.pattern, example="p95"),
)
CLAIM = Parsed(
    expects="the name of a claim, without spaces",
    code=BAD_TEXT,
    parse=lambda text: _matching(_CLAIM, text),
    looks=text_shape(_CLAIM.pattern, numbers=True),
)
SHA256 = Parsed(
    expects="a SHA-256 fingerprint: 64 hexadecimal digits",
    code=BAD_TEXT,
    parse=_sha256,
    looks=text_shape(":*(?:[0-9A-Fa-f]:*){64}"),
)
