"""The units and spellings that a value can be converted between, each pair exact both ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import TypeAlias

from forecourt.contract.lenses.currencies import DIGITS
from forecourt.contract.lenses.lost import Lost
from forecourt.contract.values import Json

Arguments: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Converter:
    """Two ways to say one value, and how each becomes the other; what has no other is lost.

    `one` and `other` are what the two are called; `takes` and `makes` the types of JSON that they
    are. `arguments` are the names of those it needs.
    """

    one: str
    other: str
    takes: str
    makes: str
    about: str
    there: Callable[[Json, Arguments], Json | Lost]
    back: Callable[[Json, Arguments], Json | Lost]
    arguments: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """What it is called in programs."""
        return f"{self.one}-{self.other}"


# As JSON and the formats say them; no exponent, no sign, no space that has another spelling.
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,999})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,999})(?:\.[0-9]{1,1000})?")
# RFC 3339, section 5.6, of which a leap second has no number.
_DATE_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-5][0-9])(?:\.([0-9]+))?"
    r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The years of RFC 3339: from 0001 on, which is where calendars of computers begin.
_FIRST = int((datetime(1, 1, 1, tzinfo=UTC) - _EPOCH).total_seconds())
_LAST = int((datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) - _EPOCH).total_seconds())


# Who means a number has fewer digits, and Python reads no more than 4,300.
_LEAST_TOO_LARGE = 10**1000


def _integer(value: Json) -> int | Lost:
    if (
        isinstance(value, int)
        and not isinstance(value, bool)
        and -_LEAST_TOO_LARGE < value < _LEAST_TOO_LARGE
    ):
        return value
    return Lost(reason="is no whole number")


# --- money ----------------------------------------------------------------------------------------


def _with_point(value: Json, arguments: Arguments) -> str | Lost:
    """Minor units as a decimal text, with as many digits as the currency has."""
    units = _integer(value)
    if isinstance(units, Lost):
        return units
    digits = int(arguments["digits"])
    sign, text = ("-" if units < 0 else ""), str(abs(units)).rjust(digits + 1, "0")
    return sign + (text if digits == 0 else f"{text[:-digits]}.{text[-digits:]}")


def _without_point(value: Json, arguments: Arguments) -> int | Lost:
    if not isinstance(value, str) or _DECIMAL.fullmatch(value) is None:
        return Lost(reason="is no decimal text")
    digits = int(arguments["digits"])
    whole, _, fraction = value.partition(".")
    if fraction[digits:].strip("0"):
        return Lost(reason=f"has more digits than {arguments['currency']} has after its point")
    return int(whole + fraction[:digits].ljust(digits, "0"))


def _money(value: Json, arguments: Arguments) -> Json | Lost:
    text = _with_point(value, arguments)
    return text if isinstance(text, Lost) else {"value": text, "currency": arguments["currency"]}


def _units_of_money(value: Json, arguments: Arguments) -> Json | Lost:
    if not isinstance(value, dict) or set(value) != {"value", "currency"}:
        return Lost(reason="is no object of `value` and `currency` alone")
    if value["currency"] != arguments["currency"]:
        return Lost(reason=f"is not in {arguments['currency']}")
    return _without_point(value["value"], arguments)


# --- time -----------------------------------------------------------------------------------------


def _date_time_of(value: Json, per_second: int) -> str | Lost:
    moment = _integer(value)
    if isinstance(moment, Lost):
        return moment
    seconds, rest = divmod(moment, per_second)
    if not _FIRST <= seconds <= _LAST:
        return Lost(reason="is no moment of the years 1 to 9999")
    text = (_EPOCH + timedelta(seconds=seconds)).strftime("%m-%dT%H:%M:%S")
    year = (_EPOCH + timedelta(seconds=seconds)).year
    fraction = f".{rest:03}" if rest else ""
    return f"{year:04}-{text}{fraction}Z"


def _moment_of(value: Json, per_second: int) -> int | Lost:
    found = _DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return Lost(reason="is no date and time of RFC 3339")
    day, time, fraction, sign, hours, minutes = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{time}+00:00")
    except ValueError:
        return Lost(reason="is no date and time of RFC 3339")
    away = 0
    if sign is not None:
        if int(hours) > 23 or int(minutes) > 59:
            return Lost(reason="is no date and time of RFC 3339")
        away = (int(hours) * 3600 + int(minutes) * 60) * (1 if sign == "+" else -1)
    since = moment - _EPOCH
    seconds = since.days * 86400 + since.seconds - away
    digits = len(str(per_second)) - 1
    part = fraction or ""
    if part[digits:].strip("0"):
        return Lost(reason="is more exact than the other version can say")
    return seconds * per_second + int(part[:digits].ljust(digits, "0") or "0")


# --- spellings ------------------------------------------------------------------------------------


def _text_of_integer(value: Json, arguments: Arguments) -> Json | Lost:
    number = _integer(value)
    return number if isinstance(number, Lost) else str(number)


def _integer_of_text(value: Json, arguments: Arguments) -> Json | Lost:
    if isinstance(value, str) and _INTEGER.fullmatch(value) and value != "-0":
        return int(value)
    return Lost(reason="is no text of a whole number")


def _text_of_number(value: Json, arguments: Arguments) -> Json | Lost:
    if isinstance(value, Decimal) or isinstance(_integer(value), int):
        text = str(value)
        if _DECIMAL.fullmatch(text):
            return text
    return Lost(reason="is no number written without an exponent")


def _number_of_text(value: Json, arguments: Arguments) -> Json | Lost:
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value) if "." in value or value == "-0" else int(value)
    return Lost(reason="is no text of a decimal number")


def _text_of_flag(value: Json, arguments: Arguments) -> Json | Lost:
    if isinstance(value, bool):
        return "true" if value else "false"
    return Lost(reason="is neither true nor false")


def _flag_of_text(value: Json, arguments: Arguments) -> Json | Lost:
    if value in ("true", "false") and isinstance(value, str):
        return value == "true"
    return Lost(reason='is neither "true" nor "false"')


def _thousand(value: Json, arguments: Arguments) -> Json | Lost:
    number = _integer(value)
    return number if isinstance(number, Lost) else number * 1000


def _thousandth(value: Json, arguments: Arguments) -> Json | Lost:
    number = _integer(value)
    if isinstance(number, Lost):
        return number
    return (
        Lost(reason="is more exact than the other version can say")
        if number % 1000
        else (number // 1000)
    )


CONVERTERS: tuple[Converter, ...] = (
    Converter(
        one="minor_units",
        other="money",
        takes="integer",
        makes="object",
        about='`4990` and `{"value": "49.90", "currency": "USD"}`, '
        "by the digits that ISO 4217 gives the currency",
        arguments=("currency",),
        there=_money,
        back=_units_of_money,
    ),
    Converter(
        one="minor_units",
        other="decimal",
        takes="integer",
        makes="string",
        about='`4990` and `"49.90"`, by the digits that ISO 4217 gives the currency',
        arguments=("currency",),
        there=_with_point,
        back=_without_point,
    ),
    Converter(
        one="unix_seconds",
        other="date_time",
        takes="integer",
        makes="string",
        about='`1857024900` and `"2028-11-05T08:15:00Z"` (RFC 3339)',
        there=lambda value, _: _date_time_of(value, 1),
        back=lambda value, _: _moment_of(value, 1),
    ),
    Converter(
        one="unix_milliseconds",
        other="date_time",
        takes="integer",
        makes="string",
        about='`1857024900250` and `"2028-11-05T08:15:00.250Z"` (RFC 3339)',
        there=lambda value, _: _date_time_of(value, 1000),
        back=lambda value, _: _moment_of(value, 1000),
    ),
    Converter(
        one="seconds",
        other="milliseconds",
        takes="integer",
        makes="integer",
        about="`90` and `90000`",
        there=_thousand,
        back=_thousandth,
    ),
    Converter(
        one="integer",
        other="text",
        takes="integer",
        makes="string",
        about='`12345678901234567890` and `"12345678901234567890"`',
        there=_text_of_integer,
        back=_integer_of_text,
    ),
    Converter(
        one="number",
        other="text",
        takes="number",
        makes="string",
        about='`1.10` and `"1.10"`, digit by digit',
        there=_text_of_number,
        back=_number_of_text,
    ),
    Converter(
        one="boolean",
        other="text",
        takes="boolean",
        makes="string",
        about='`true` and `"true"`',
        there=_text_of_flag,
        back=_flag_of_text,
    ),
)

BY_ID: Mapping[str, Converter] = MappingProxyType({c.id: c for c in CONVERTERS})
UNITS: tuple[str, ...] = tuple(dict.fromkeys(u for c in CONVERTERS for u in (c.one, c.other)))


def arguments_of(converter: Converter, given: Mapping[str, str]) -> dict[str, str]:
    """What the converter is told: what was written, and what follows from it."""
    told = {name: given[name] for name in converter.arguments}
    return {**told, "digits": str(DIGITS[told["currency"]])} if "currency" in told else told


def converter_between(source: str, target: str) -> tuple[Converter, bool] | None:
    """The converter of two units, and whether it is gone through backwards."""
    for converter in CONVERTERS:
        if (converter.one, converter.other) == (source, target):
            return converter, False
        if (converter.other, converter.one) == (source, target):
            return converter, True
    return None


def is_currency(code: str) -> bool:
    """Whether ISO 4217 knows it, with its digits."""
    return code in DIGITS
