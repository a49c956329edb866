"""Numbers, and numbers with a unit: percentages, durations, months, sizes, dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from forecourt.source.codes import BAD_DATE, BAD_NUMBER, BAD_QUANTITY
from forecourt.source.vocabulary.shape import Shape, text_shape
from forecourt.source.vocabulary.words import Parsed

# Long enough for every honest number, short enough that no arithmetic on it is slow.
_DECIMAL = r"[0-9]{1,15}(?:\.[0-9]{1,15})?"
_WHOLE = re.compile(r"(?:0|[1-9][0-9]{0,17}|[1-9][0-9]{0,2}(?:_[0-9]{3}){1,5})")
_PERCENTAGE = re.compile(rf"({_DECIMAL}) ?%")
_QUANTITY = re.compile(rf"({_DECIMAL}) ?([A-Za-z]{{1,6}})")
_MONTHS = re.compile(r"([0-9]{1,4}) months?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_YEARS = range(1970, 3000)
# The same for editors: up to 100 %, in those years, with thousands apart.
_PERCENT = r"(?:0{0,12}100(?:\.0{1,15})?|0{0,13}[0-9]{1,2}(?:\.[0-9]{1,15})?) ?%"
_DAY_OF_A_YEAR = "(?:19[7-9][0-9]|2[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_GROUPED = "^[1-9][0-9]{0,2}(?:_[0-9]{3}){1,5}$"

SECONDS: Mapping[str, Decimal] = MappingProxyType(
    {
        "ms": Decimal("0.001"),
        "s": Decimal(1),
        "m": Decimal(60),
        "h": Decimal(3600),
        "d": Decimal(86400),
    }
)
BYTES: Mapping[str, int] = MappingProxyType({"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3})
_LARGEST_SIZE = 1024**3


def whole(least: int, most: int) -> Parsed[int]:
    """A whole number in a range."""

    def parse(text: str) -> int | None:
        number = _whole(text)
        return number if number is not None and least <= number <= most else None

    return Parsed(
        expects=f"a whole number from {least:,} to {most:,}",
        code=BAD_NUMBER,
        parse=parse,
        looks={"type": ["integer", "string"], "pattern": _GROUPED, **_range(least, most)},
        is_unquoted=True,
    )


def number(least: int, most: int) -> Parsed[Decimal]:
    """A number, with decimals or without, in a range."""

    def parse(text: str) -> Decimal | None:
        if re.fullmatch(_DECIMAL, text) is None:
            return None
        value = Decimal(text)
        return value if least <= value <= most else None

    return Parsed(
        expects=f"a number from {least:,} to {most:,}",
        code=BAD_NUMBER,
        parse=parse,
        looks={"type": "number", **_range(least, most)},
        is_unquoted=True,
    )


def _range(least: int, most: int) -> Shape:
    return {"minimum": least, "maximum": most}


def _whole(text: str) -> int | None:
    return int(text.replace("_", "")) if _WHOLE.fullmatch(text) else None


def _percentage(text: str) -> Decimal | None:
    if (found := _PERCENTAGE.fullmatch(text)) is None:
        return None
    fraction = Decimal(found[1]).scaleb(-2)
    return fraction if fraction <= 1 else None


def _with_percent_sign(text: str) -> str | None:
    if re.fullmatch(_DECIMAL, text) is None or (value := Decimal(text)) > 100:
        return None
    percent = value if value > 1 else value.scaleb(2).normalize()
    return f"write `{percent:f}%`"


def _below_percentage(text: str) -> Decimal | None:
    return _percentage(text[1:].strip()) if text.startswith("<") else None


def _with_less_than(text: str) -> str | None:
    return f'write `"< {text}"`' if _percentage(text) is not None else None


def _seconds(text: str) -> Decimal | None:
    found = _QUANTITY.fullmatch(text)
    if found is None or (unit := SECONDS.get(found[2])) is None:
        return None
    return Decimal(found[1]) * unit


def _with_unit(text: str) -> str | None:
    is_bare = re.fullmatch(_DECIMAL, text) is not None
    return (
        f"add the unit: `{text}ms`, `{text}s`, `{text}m`, `{text}h` or `{text}d`"
        if is_bare
        else None
    )


def _with_days(text: str) -> str | None:
    return f"write `{text}d`" if _days(f"{text}d") is not None else None


def _days(text: str) -> int | None:
    seconds = _seconds(text)
    days = None if seconds is None else seconds / SECONDS["d"]
    is_whole = days is not None and days == int(days) and 0 < days <= 366
    return int(days) if days is not None and is_whole else None


def _while(text: str) -> int | None:
    seconds = _seconds(text)
    if seconds is None or seconds % 60 or not 0 < seconds <= 366 * SECONDS["d"]:
        return None
    return int(seconds)


def _months(text: str) -> int | None:
    found = _MONTHS.fullmatch(text)
    return int(found[1]) if found is not None else None


def _with_months(text: str) -> str | None:
    if re.fullmatch(r"[0-9]{1,4}", text):
        return f"write `{text} months`"
    years = re.fullmatch(r"([0-9]{1,2}) ?(?:y|years?)", text)
    return f"write `{int(years[1]) * 12} months`" if years is not None else None


def _months_or_number(text: str) -> int | None:
    months = _months(text)
    return months if months is not None else _months(f"{text} months")


def _bytes(text: str) -> int | None:
    if (plain := _whole(text)) is not None:
        size = Decimal(plain)
    else:
        found = _QUANTITY.fullmatch(text)
        unit = None if found is None else BYTES.get(found[2].upper().replace("IB", "B"))
        if found is None or unit is None:
            return None
        size = Decimal(found[1]) * unit
    return int(size) if size == int(size) and 1 <= size <= _LARGEST_SIZE else None


def _date(text: str) -> date | None:
    if (found := _DATE.fullmatch(text)) is None or int(found[1]) not in _YEARS:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _why_no_date(text: str) -> str | None:
    if _DATE.fullmatch(text):
        return f"years from {_YEARS.start} to {_YEARS.stop - 1}, and days that the month has"
    return "write year, month and day: `2030-12-31`"


PERCENTAGE = Parsed(
    expects="a percentage such as `99.9%`",
    code=BAD_QUANTITY,
    parse=_percentage,
    looks=text_shape(_PERCENT, example="99.9%"),
    hint=_with_percent_sign,
)
BELOW_PERCENTAGE = Parsed(
    expects='an upper bound such as `"< 0.1%"`',
    code=BAD_QUANTITY,
    parse=_below_percentage,
    looks=text_shape(rf"<\s*{_PERCENT}\s*", example="< 0.1%"),
    hint=_with_less_than,
)
DURATION = Parsed(
    expects="a duration such as `50ms`, `30s`, `5m`, `8h` or `30d`",
    code=BAD_QUANTITY,
    parse=_seconds,
    looks=text_shape(rf"{_DECIMAL} ?(?:{'|'.join(SECONDS)})", example="200ms"),
    hint=_with_unit,
)
DAYS = Parsed(
    expects="a number of days from 1 to 366, such as `30d`",
    code=BAD_QUANTITY,
    parse=_days,
    looks=text_shape(rf"{_DECIMAL} ?(?:{'|'.join(SECONDS)})", example="30d"),
    hint=_with_days,
)
WHILE = Parsed(
    expects="a time of whole minutes up to 366 days, such as `90m`, `12h` or `30d`",
    code=BAD_QUANTITY,
    parse=_while,
    looks=text_shape(rf"{_DECIMAL} ?(?:{'|'.join(SECONDS)})", example="12h"),
    hint=_with_unit,
)
MONTHS = Parsed(
    expects="a number of months such as `12 months`",
    code=BAD_QUANTITY,
    parse=_months,
    looks=text_shape(_MONTHS.pattern, example="12 months"),
    hint=_with_months,
)
MONTHS_OR_NUMBER = Parsed(
    expects="a number of months such as `12 months`",
    code=BAD_QUANTITY,
    parse=_months_or_number,
    looks={
        **text_shape("[0-9]{1,4}(?: months?)?", example="12 months"),
        "type": ["string", "integer"],
        **_range(0, 9999),
    },
    hint=_with_months,
)
SIZE = Parsed(
    expects="a size from 1 B to 1 GB, such as `256 KB` or `8 MB`",
    code=BAD_QUANTITY,
    parse=_bytes,
    looks={
        **text_shape(
            rf"{_WHOLE.pattern}|{_DECIMAL} ?[KkMmGg]?[Ii]?[Bb]",
            example="256 KB",
        ),
        "type": ["string", "integer"],
        **_range(1, _LARGEST_SIZE),
    },
)
DATE = Parsed(
    expects="a date such as `2030-12-31`",
    code=BAD_DATE,
    parse=_date,
    looks={**text_shape(_DAY_OF_A_YEAR, example="2030-12-31"), "format": "date"},
    hint=_why_no_date,
)
