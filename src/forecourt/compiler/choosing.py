"""Which version a request means, among those that its caller may have: as `versions.lua` does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

from forecourt.compiler.ir.apis import Api, Version

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")

# Whether a version exists for the caller.
May = Callable[[Version], bool]


def is_day(text: str) -> bool:
    """Whether it is a day of the calendar, written as `2024-01-15`."""
    if _DAY.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def chosen(
    api: Api, versions: tuple[Version, ...], may: May, *, wanted: str | None, pinned: str | None
) -> Version | None:
    """The version meant, of those that stand at one path, oldest first.

    `wanted` is the field `API-Version`, `pinned` the version to which the application is pinned:
    both None where the version is not said in a header.
    """
    if api.by_flags:
        return _by_feature([v for v in versions if may(v)])
    if not api.by_header:
        return _newest(versions[:1], may)
    if wanted is None and pinned is None:
        return _newest((v for v in versions if v.status == "current"), may)
    name = pinned if wanted is None else wanted
    exact = _newest((v for v in versions if v.name == name), may)
    if exact is not None or wanted is None or not is_day(wanted):
        return exact
    return _newest((v for v in versions if _is_by(v, wanted)), may)


def _is_by(version: Version, day: str) -> bool:
    """A draft is meant by its own name only."""
    return version.status != "draft" and is_day(version.name) and version.name <= day


def _newest(versions: Iterable[Version], may: May) -> Version | None:
    return next((v for v in reversed(list(versions)) if may(v)), None)


def _by_feature(versions: list[Version]) -> Version | None:
    """The newest whose feature the caller has; else the newest that needs none."""
    released = [v for v in reversed(versions) if v.is_released]
    return next((v for v in released if v.feature is not None), next(iter(released), None))
