"""Following `$ref` within a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from forecourt.contract.values import Json, Pointer, child

# "elsewhere": in another file. "nothing": nothing stands there. "cycle": it leads back to itself,
# or on and on.
Reason = Literal["elsewhere", "nothing", "cycle"]

# A reference to a reference to a reference …: nobody writes more, and each costs a look.
MOST_STEPS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a reference leads to, and where that stands."""

    value: Json
    at: Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A reference that leads nowhere: the text of it, and where it stands."""

    reference: str
    at: Pointer
    reason: Reason


def reference_of(value: Json) -> str | None:
    """The text of its `$ref`, if it has one."""
    if isinstance(value, dict) and isinstance(reference := value.get("$ref"), str):
        return reference
    return None


def reference_to(pointer: Pointer) -> str:
    """The reference that leads there within a document (RFC 6901, sections 3 and 6)."""
    escaped = (s.replace("%", "%25").replace("~", "~0").replace("/", "~1") for s in pointer)
    return "#" + "".join(f"/{step}" for step in escaped)


def follow(root: Json, value: Json, at: Pointer) -> Found | Lost:
    """What a value stands for: itself, or what its reference, or a reference of that, leads to."""
    seen: set[str] = set()
    while (reference := reference_of(value)) is not None:
        here = (*at, "$ref")
        if not reference.startswith("#"):
            return Lost(reference=reference, at=here, reason="elsewhere")
        if reference in seen or len(seen) >= MOST_STEPS:
            return Lost(reference=reference, at=here, reason="cycle")
        seen.add(reference)
        found = look_up(root, reference)
        if found is None:
            return Lost(reference=reference, at=here, reason="nothing")
        value, at = found.value, found.at
    return Found(value=value, at=at)


def follow_once(root: Json, value: Json, at: Pointer) -> Found | Lost:
    """What a value's own reference leads to, be it another reference; the value itself without."""
    if (reference := reference_of(value)) is None:
        return Found(value=value, at=at)
    lost: Reason = "nothing" if reference.startswith("#") else "elsewhere"
    return look_up(root, reference) or Lost(reference=reference, at=(*at, "$ref"), reason=lost)


def look_up(root: Json, reference: str) -> Found | None:
    """What a JSON pointer in a fragment (RFC 6901, section 6) leads to."""
    if reference == "#":
        return Found(value=root, at=())
    if not reference.startswith("#/"):
        return None
    value, at = root, []
    for written in reference[2:].split("/"):
        # Some documents percent-encode a key with a `%` in it, as they should; some do not.
        for step in (_unescaped(unquote(written)), _unescaped(written)):
            if _has(value, step):
                break
        else:
            return None
        value = child(value, step)
        at.append(step)
    return Found(value=value, at=tuple(at))


def _has(value: Json, step: str) -> bool:
    return step in value if isinstance(value, dict) else child(value, step) is not None


def _unescaped(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")
