"""A text of given formats, patterns and lengths."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from jsonschema_rs import Draft202012Validator

from forecourt.contract.regular.reading import NotRegular, read_pattern
from forecourt.contract.sampling.choices import Choices
from forecourt.contract.sampling.spelling import MOST_CHARACTERS, TooLong, spellings
from forecourt.contract.validity import Unjudgeable, accepts_text
from forecourt.contract.values import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDemands:
    """All that a text has to be; lengths in characters."""

    formats: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    least: int = 0
    most: int | None = None

    @property
    def schema(self) -> dict[str, Json]:
        together: list[Json] = [{"format": f} for f in self.formats]
        together += [{"pattern": p} for p in self.patterns]
        schema: dict[str, Json] = {"minLength": self.least}
        if self.most is not None:
            schema["maxLength"] = self.most
        return {**schema, "allOf": together} if together else schema


def text(demands: TextDemands, choices: Choices, *place: object) -> str | None:
    """A text that is all that is demanded; None where none was found.

    The same each time. One instant and one address stand for all, until the choices are turned.
    """
    if demands.least > MOST_CHARACTERS or _is_impossible(demands):
        return None
    accepted = _judge(demands)
    if accepted is None:
        return None
    candidates = _candidates(demands, choices, choices.number(*place, "text"))
    return next((c for c in candidates if accepted.is_valid(c)), None)


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern is found in a name; one that nobody can judge is not."""
    accepted = _judge(TextDemands(patterns=(pattern,)))
    return accepted is not None and accepted.is_valid(name)


def _is_impossible(demands: TextDemands) -> bool:
    return demands.most is not None and demands.most < demands.least


@lru_cache(maxsize=1024)
def _judge(demands: TextDemands) -> Draft202012Validator | None:
    try:
        return accepts_text(demands.schema)
    except Unjudgeable:
        return None


def _candidates(demands: TextDemands, choices: Choices, number: int) -> Iterator[str]:
    for name in demands.formats:
        if (made := _BY_FORMAT.get(name)) is not None:
            # The plain one of a format may be too short or not to a pattern's taste.
            yield from (made(n) for n in range(number, number + 4))
    if not demands.patterns:
        for name in demands.formats:
            if (longer := _LONGER.get(name)) is not None:
                yield longer(demands.least, number)
        yield plain_text(demands.least, demands.most, number)
    for pattern in demands.patterns:
        with suppress(NotRegular, TooLong):
            yield from spellings(read_pattern(pattern).tree, demands.least, demands.most, choices)
    if demands.patterns:
        yield from (plain_text(demands.least, demands.most, n) for n in range(number, number + 4))


def plain_text(least: int, most: int | None, number: int) -> str:
    """The word `string`, brought to its length; with a number, one of many that differ."""
    word = "string" if number == 0 else f"string{number}"
    if most is not None and len(word) > most:
        word = _letters(number)[:most] if number else "string"[:most]
    if len(word) < least:
        word += (" " + "lorem ipsum dolor sit amet " * (least // 27 + 1))[: least - len(word)]
        word = word[:-1] + "x" if word.endswith(" ") else word
    return word


def _letters(number: int) -> str:
    """a, b, … z, ba, bb …: the last letter first, so that short ones differ too."""
    letters = ""
    while True:
        number, letter = divmod(number, 26)
        letters += chr(97 + letter)
        if number == 0:
            return letters


# One instant for every document, so that an answer never changes.
_INSTANT = datetime(2030, 1, 1, tzinfo=UTC)


def _instant(number: int) -> datetime:
    return _INSTANT + timedelta(days=number, hours=number % 24)


def _numbered(plain: str, numbered: str) -> Callable[[int], str]:
    return lambda number: plain if number == 0 else numbered.format(number)


def _duration(number: int) -> str:
    return f"P{number + 1}D"


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "date-time": lambda n: _instant(n).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "date": lambda n: _instant(n).strftime("%Y-%m-%d"),
    "time": lambda n: _instant(n).strftime("%H:%M:%SZ"),
    "duration": _duration,
    "uuid": lambda n: f"00000000-0000-4000-8000-{n:012x}",
    "email": _numbered("someone@example.com", "someone{}@example.com"),
    "hostname": _numbered("example.com", "host{}.example.com"),
    "ipv4": lambda n: f"192.0.2.{n % 250 + 1}",
    "ipv6": lambda n: f"2001:db8::{n + 1:x}" if n < 65535 else "2001:db8::",
    "uri": _numbered("https://example.com/", "https://example.com/{}"),
    "uri-template": lambda n: f"https://example.com/{n or 'a'}/{{id}}",
    "json-pointer": _numbered("/a", "/a/{}"),
    "relative-json-pointer": _numbered("0", "{}"),
    "regex": _numbered("^[a-z]+$", "^[a-z]{{{}}}$"),
    "binary": _numbered("", "{}"),
    "byte": lambda n: "" if n == 0 else f"{n:08d}",  # digits are base64, too
}
_ALIASES = {
    "idn-email": "email",
    "idn-hostname": "hostname",
    "iri": "uri",
    "iri-reference": "uri",
    "uri-reference": "uri",
    "url": "uri",
}
_BY_FORMAT = {**_FORMATS, **{alias: _FORMATS[name] for alias, name in _ALIASES.items()}}


def _long_uri(least: int, number: int) -> str:
    return (f"https://example.com/{number or ''}" + "a" * least)[: max(least, 20 + 6)]


def _long_ipv4(least: int, number: int) -> str:
    # Addresses for documentation (RFC 5737) have 14 characters at most, private ones 15.
    network = "198.51.100" if least <= 14 else "192.168.100"
    return f"{network}.{100 + number % 150}"


def _long_ipv6(least: int, number: int) -> str:
    """Of documentation (RFC 3849), with as many leading zeros as it takes."""
    if least <= 14:
        return f"2001:db8::{number % 0xFFFF + 1:04x}"
    groups = ["2001", "db8", *("0" * 5), f"{number % 0xFFFF + 1:x}"]
    for i, group in enumerate(groups):
        groups[i] = "0" * min(4 - len(group), max(0, least - len(":".join(groups)))) + group
    return ":".join(groups)


def _with_fraction(begin: str, least: int) -> str:
    return f"{begin}.{'0' * max(1, least - len(begin) - 2)}Z"


# Formats that can be of any length, and addresses, which can be longer than their plainest.
_LONGER: Mapping[str, Callable[[int, int], str]] = {
    "uri": _long_uri,
    "url": _long_uri,
    "iri": _long_uri,
    "uri-reference": _long_uri,
    "ipv4": _long_ipv4,
    "ipv6": _long_ipv6,
    "time": lambda least, n: _with_fraction(_instant(n).strftime("%H:%M:%S"), least),
    "date-time": lambda least, n: _with_fraction(_instant(n).strftime("%Y-%m-%dT%H:%M:%S"), least),
    "json-pointer": lambda least, number: f"/{number or ''}{'a' * least}"[: max(least, 2)],
    "byte": lambda least, number: f"{number:08d}" + "A" * ((least + 3) // 4 * 4),
    "binary": lambda least, number: (f"{number}" if number else "") + "0" * least,
    "email": lambda least, number: f"{'a' * max(1, min(60, least - 12))}{number}@example.com",
}
