"""Formats that the edge asserts, each as a pattern.

These have one grammar on which validators agree. All others (`email`, `uri`, `hostname`, `byte`,
names that nobody registered) stay annotations, as JSON Schema 2020-12 has them by default: what two
validators judge in two ways would refuse customers by chance. Sources: RFC 3339 (date, time,
date-time), RFC 9562 (uuid), RFC 2673 section 3.2 (ipv4), RFC 4291 section 2.2 (ipv6).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

_LEAP_YEAR = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DATE = (
    r"(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    rf"|{_LEAP_YEAR}-02-29)"
)
_HOUR_AND_MINUTE = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_TIME = rf"{_HOUR_AND_MINUTE}:(?:[0-5][0-9]|60)(?:\.[0-9]+)?(?:[Zz]|[+-]{_HOUR_AND_MINUTE})"
_HEX = "[0-9a-fA-F]"
_IPV4 = r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}" + (
    "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
)


def _ipv6() -> str:
    group = f"{_HEX}{{1,4}}"
    last = f"(?:{group}:{group}|{_IPV4})"
    forms = [f"(?:{group}:){{6}}{last}", f"::(?:{group}:){{5}}{last}"]
    # So many groups at most before `::`, and so many, with the last two as one, after it.
    for before, after in ((1, 4), (2, 3), (3, 2), (4, 1), (5, 0)):
        groups = f"(?:{group}(?::{group}){{0,{before - 1}}})?"
        forms.append(f"{groups}::(?:{group}:){{{after}}}{last}")
    forms += [
        f"(?:{group}(?::{group}){{0,5}})?::{group}",
        f"(?:{group}(?::{group}){{0,6}})?::",
    ]
    return "(?:" + "|".join(forms) + ")"


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`seconds_at`: where the seconds stand, which may be 60 only at the end of a UTC day."""

    pattern: str
    seconds_at: int | None = None


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "date": Format(pattern=f"^{_DATE}$"),
        "date-time": Format(pattern=f"^{_DATE}[Tt]{_TIME}$", seconds_at=17),
        "ipv4": Format(pattern=f"^{_IPV4}$"),
        "ipv6": Format(pattern=f"^{_ipv6()}$"),
        "time": Format(pattern=f"^{_TIME}$", seconds_at=6),
        "uuid": Format(pattern=f"^{_HEX}{{8}}-(?:{_HEX}{{4}}-){{3}}{_HEX}{{12}}$"),
    }
)


def is_of(text: str, name: str) -> bool:
    """Whether a text is of one of `FORMATS`, as the edge judges it (`forecourt.contract.texts`)."""
    known = FORMATS[name]
    if _expression(known.pattern).fullmatch(text) is None:
        return False
    if known.seconds_at is None or text[known.seconds_at : known.seconds_at + 2] != "60":
        return True
    zone = text[-6:]
    offset = 0 if text[-1] in "Zz" else _minutes(zone[1:]) * (-1 if zone[0] == "-" else 1)
    at = _minutes(text[known.seconds_at - 6 : known.seconds_at - 1])
    return (at - offset) % _DAY == _DAY - 1


_DAY = 24 * 60


def _minutes(clock: str) -> int:
    """Of `23:59`."""
    return int(clock[:2]) * 60 + int(clock[3:])


@lru_cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.removeprefix("^").removesuffix("$"))
