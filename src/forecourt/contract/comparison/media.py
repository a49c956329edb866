"""Media types of both contracts, matched by name and by range."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forecourt.contract.model import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Contents of both that mean the same; those of one alone.

    `narrowed` pairs a range with a type of it, `widened` a type with a range. `parted` pairs a type
    of one side alone with what counted for it on the other, where that is on both: the narrowest
    range around it.
    """

    same: tuple[tuple[Content, Content], ...]
    narrowed: tuple[tuple[Content, Content], ...]
    widened: tuple[tuple[Content, Content], ...]
    parted: tuple[tuple[Content, Content], ...]
    gone: tuple[Content, ...]
    new: tuple[Content, ...]


def matching(old: Iterable[Content], new: Iterable[Content]) -> Matching:
    """A type with parameters (`; charset=utf-8`) is its own; a range has all types of it."""
    before = {normalized(c.media_type): c for c in old}
    after = {normalized(c.media_type): c for c in new}
    same = [(c, after[name]) for name, c in before.items() if name in after]
    gone = {name: c for name, c in before.items() if name not in after}
    left = {name: c for name, c in after.items() if name not in before}
    narrowed = [
        (c, other)
        for name, c in gone.items()
        for kind, other in left.items()
        if is_within(kind, name)
    ]
    widened = [
        (c, other)
        for name, c in gone.items()
        for kind, other in left.items()
        if is_within(name, kind)
    ]
    taken_out = {
        name: (before[around], c)
        for name, c in left.items()
        if (around := _narrowest(name, before)) is not None and around in after
    }
    put_back = {
        name: (c, after[around])
        for name, c in gone.items()
        if (around := _narrowest(name, after)) is not None and around in before
    }
    parted = (*taken_out.values(), *put_back.values())
    paired = [content for pair in (*narrowed, *widened, *parted) for content in pair]
    return Matching(
        same=tuple(same),
        narrowed=tuple(narrowed),
        widened=tuple(widened),
        parted=parted,
        gone=tuple(c for c in gone.values() if c not in paired),
        new=tuple(c for c in left.values() if c not in paired),
    )


def _narrowest(name: str, others: Iterable[str]) -> str | None:
    """The narrowest range around a media type: it counts for what is of the type."""
    around = [other for other in others if is_within(name, other)]
    return max(around, key=lambda other: (-other.count("*"), other.count(";")), default=None)


def normalized(media_type: str) -> str:
    """In small letters and without blanks; `charset=utf-8` is what all texts have."""
    name, *parameters = (part.strip().lower() for part in media_type.split(";"))
    kept = [p for p in parameters if p and p.replace('"', "") != "charset=utf-8"]
    return ";".join([name, *kept])


def is_within(name: str, around: str) -> bool:
    """Whether a media type is in a range: `*/*`, `text/*`, and `application/json` has all
    `application/json;…`.
    """
    kind, _, _ = name.partition("/")
    if name == around:
        return False
    return around in ("*/*", f"{kind}/*") or name.startswith(f"{around};")
