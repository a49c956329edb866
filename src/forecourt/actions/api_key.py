"""The form of an API key, which says whether it can be one before anybody is asked.

    fc_live_ 4TgkPdQH2mVbWzR8sN1cXyLfEaJ 0aK3xQ
    prefix   body, 27 characters         checksum, 6 characters

- Prefix: `fc_live_` or `fc_test_`. Scanners for leaked secrets look for it.
- Body: 160 random bits as a number in base 62, most significant digit first, filled with `0` to 27
  characters. Digits stand for 0 to 9, `A` to `Z` for 10 to 35, `a` to `z` for 36 to 61.
- Checksum: CRC-32 (ISO 3309, reflected polynomial 0xEDB88320, as in zlib) over the ASCII bytes of
  prefix and body, as a number in base 62 written the same way, filled to 6 characters. It guards
  against typing mistakes and idle guessing and is no secret; the edge computes it too, in Lua.

A CRC-32 finds every change of a single character.
"""

from __future__ import annotations

import hashlib
import re
import zlib

from forecourt.actions.base62 import base62
from forecourt.actions.entropy import Entropy

LIVE_PREFIX = "fc_live_"
TEST_PREFIX = "fc_test_"
ENTROPY_BYTES = 20
BODY_WIDTH = 27  # the fewest characters that hold 160 bits: 62**27 > 2**160
CHECKSUM_WIDTH = 6  # 62**6 > 2**32

# What may be shown of a key: enough to tell it from others, far too little to guess the rest.
SHOWN = 12

_FORM = re.compile(rf"fc_(?:live|test)_[0-9A-Za-z]{{{BODY_WIDTH + CHECKSUM_WIDTH}}}")


def new_key(entropy: Entropy, *, is_test: bool) -> str:
    """A key that nobody has seen."""
    number = int.from_bytes(entropy(ENTROPY_BYTES))
    start = (TEST_PREFIX if is_test else LIVE_PREFIX) + base62(number, BODY_WIDTH)
    return start + checksum(start)


def checksum(start: str) -> str:
    """The six characters that belong to a prefix and a body."""
    return base62(zlib.crc32(start.encode("ascii")), CHECKSUM_WIDTH)


def is_well_formed(text: str) -> bool:
    """Whether it has the form of a key, checksum included."""
    if _FORM.fullmatch(text) is None:
        return False
    return checksum(text[:-CHECKSUM_WIDTH]) == text[-CHECKSUM_WIDTH:]


def key_digest(key: str) -> str:
    """SHA-256 in hex: all that is kept. A key is random, so it needs no salt and no slow hash."""
    return hashlib.sha256(key.encode()).hexdigest()
