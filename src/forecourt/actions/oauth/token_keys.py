"""When a key signs access tokens: not before the edge knows it, and gone when its last token is."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from forecourt.actions.signing_key import SigningKey

# Where nobody rotates by hand. A year is what NIST SP 800-57 allows at most.
LIFETIME = timedelta(days=90)
# A new key is published for so long before it signs; every edge has it by then.
LEAD = timedelta(minutes=1)
# An old one stays for twice as long as the longest token counts, whatever clocks say.
KEPT = timedelta(hours=2)

# Whether the edge verifies by the key with that id.
IsServed = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenKey:
    """A key, and when it was made."""

    made_at: datetime
    key: SigningKey


def signing_key(
    keys: Sequence[TokenKey], *, now: datetime, is_served: IsServed
) -> SigningKey | None:
    """The newest that may sign; None where the edge verifies by none of them yet.

    The first there is has nobody to wait for.
    """
    ordered = sorted(keys, key=lambda k: k.made_at)
    for place, key in reversed(list(enumerate(ordered))):
        if is_served(key.key.id) and (place == 0 or key.made_at + LEAD <= now):
            return key.key
    return None


def outlived(
    keys: Sequence[TokenKey], *, now: datetime, is_served: IsServed
) -> tuple[TokenKey, ...]:
    """Those whose last token ended: a later key has signed for longer than any token counts."""
    ordered = sorted(keys, key=lambda k: k.made_at)
    successors = [k for k in ordered if is_served(k.key.id) and k.made_at + LEAD + KEPT <= now]
    return tuple(k for k in ordered if successors and k.made_at < successors[-1].made_at)


def is_due(keys: Sequence[TokenKey], *, now: datetime) -> bool:
    """Whether the newest has signed for long enough."""
    return bool(keys) and max(k.made_at for k in keys) + LIFETIME <= now


def key_set_of(keys: Sequence[TokenKey]) -> str:
    """The public halves as a JWKS (RFC 7517), the same text each time; "" where there are none."""
    if not keys:
        return ""
    entries = [json.loads(k.key.jwks())["keys"][0] for k in keys]
    entries.sort(key=lambda entry: str(entry["kid"]))
    return json.dumps({"keys": entries}, sort_keys=True, separators=(",", ":"))
