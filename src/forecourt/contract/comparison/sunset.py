"""When what is deprecated ends: `deprecated` with `x-sunset`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from forecourt.contract.comparison.met import Told, said
from forecourt.contract.comparison.side import Side
from forecourt.contract.comparison.wording import told
from forecourt.contract.lifetimes import SUNSET, day
from forecourt.contract.values import Json, Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What an operation or parameter says of its end. `sunset` None: no day that can be read."""

    at: Pointer
    is_deprecated: bool
    written: Json = None
    sunset: date | None = None

    @property
    def place(self) -> Pointer:
        """Where its end is said, if it is."""
        return self.at if self.written is None else (*self.at, SUNSET)


def life(side: Side, at: Pointer, *, is_deprecated: bool) -> Life:
    """The life of what stands at a place."""
    written = said(side, at, SUNSET)
    return Life(at=at, is_deprecated=is_deprecated, written=written, sunset=day(written))


def ended(kind: str, old: Life, today: date) -> tuple[str, str]:
    """The kind of a removal, and what is said of when it was announced."""
    if not old.is_deprecated:
        return f"{kind}-removed", "gone"
    if old.sunset is None:
        return f"{kind}-removed-undated", "gone; it was deprecated, and nobody knew until when"
    if today < old.sunset:
        return f"{kind}-removed-early", f"gone, and was to stay until {old.sunset}"
    return f"{kind}-removed-after-sunset", f"gone, as was announced for {old.sunset}"


def lives(where: str, old: Life, new: Life, today: date) -> Iterator[Told]:
    """How what is said of the end differs."""
    for kind, message in (*_deprecation(old, new), *_sunset(old, new)):
        yield Told(kind=kind, where=where, old=old.place, new=new.place, message=message)
    if new.is_deprecated and new.sunset is not None and _is_news(old, new.sunset):
        left = months_between(today, new.sunset)
        yield Told(
            kind="sunset-too-soon",
            where=where,
            old=old.place,
            new=new.place,
            message=f"ends on {new.sunset}, with {left} whole months left",
            months_left=left,
        )


def _deprecation(old: Life, new: Life) -> Iterator[tuple[str, str]]:
    if new.is_deprecated and not old.is_deprecated:
        until = f", until {new.sunset}" if new.sunset is not None else ""
        yield "deprecated", f"deprecated{until}"
    elif old.is_deprecated and not new.is_deprecated:
        yield "reactivated", "no longer deprecated"


def _sunset(old: Life, new: Life) -> Iterator[tuple[str, str]]:
    if not new.is_deprecated:
        return
    before, after = old.sunset, new.sunset
    if after is None and new.written is not None:
        if old.written != new.written:
            yield "sunset-unreadable", f"`{SUNSET}` is {told(new.written)}, which is no date"
    elif not old.is_deprecated or before == after:
        return
    elif before is None:
        yield "sunset-announced", f"ends on {after}"
    elif after is None:
        yield "sunset-withdrawn", f"was to end on {before}, and does not say when now"
    else:
        kind = "sunset-later" if after > before else "sunset-earlier"
        yield kind, f"was to end on {before}, ends on {after}"


def _is_news(old: Life, sunset: date) -> bool:
    """Whether an end is nearer than anybody knew."""
    return not old.is_deprecated or old.sunset is None or sunset < old.sunset


def months_between(first: date, last: date) -> int:
    """Whole calendar months from one day to another; 0 where it is before."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(0, months - (last.day < first.day))
