"""Where chance comes in: ids and keys are made from bytes that the caller brings."""

from __future__ import annotations

from collections.abc import Callable

from forecourt.actions.base62 import base62

# Gives so many bytes that nobody can guess, such as `secrets.token_bytes`.
Entropy = Callable[[int], bytes]

_ID_BYTES = 12  # 96 bits: a collision among a billion ids is one in ten billion
_ID_WIDTH = 17  # the fewest characters that hold them: 62**17 > 2**96


def new_id(kind: str, entropy: Entropy) -> str:
    """An id that says what it is: `app_…`, `key_…`. Not a secret."""
    return f"{kind}_{base62(int.from_bytes(entropy(_ID_BYTES)), _ID_WIDTH)}"
