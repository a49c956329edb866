"""`x-rate-limit`: what each caller may ask of one operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from forecourt.contract import codes
from forecourt.contract.mark_troubles import place_of
from forecourt.contract.trouble import Trouble
from forecourt.contract.values import Json, Pointer, descend
from forecourt.estate.rate_limit import DEFAULT_BURST, RateLimit
from forecourt.source.quoting import shown
from forecourt.source.vocabulary.spelling import nearest

LIMIT_MARK = "x-rate-limit"

_RATE, _BURST = "requests_per_minute", "burst_allowance"
_KEYS = (_RATE, _BURST)
# As `rate_limit` has them (`forecourt.source.files.rate_limits`).
_MOST_A_MINUTE = 10_000_000
_MOST_BURST = 100

_EXAMPLE = "write `x-rate-limit: {requests_per_minute: 10}`"


def declared_limit(written: Json) -> RateLimit | None:
    """The limit that an operation declares; None for what is none."""
    if not isinstance(written, dict) or not set(written) <= set(_KEYS):
        return None
    rate, burst = written.get(_RATE), written.get(_BURST, DEFAULT_BURST)
    if not _is_rate(rate) or not _is_burst(burst):
        return None
    assert isinstance(rate, int)
    return RateLimit(requests_per_minute=rate, burst_allowance=Decimal(str(burst)))


def limit_troubles(root: Json, marks: Iterable[Pointer]) -> Iterator[Trouble]:
    """What is wrong with the limits of a document, which stand at these places."""
    for at in marks:
        place = place_of(root, at[:-1])
        is_component = len(at) == 3 and at[0] == "components"
        if is_component or place in ("data", "names", "anything"):
            continue  # a header of that name, an example, somebody else's extension
        if place != "operation":
            yield Trouble(
                code=codes.MISPLACED_LIMIT,
                at=at,
                message=f"{shown(LIMIT_MARK)} limits nothing here",
                help="write it in an operation; an API's own limit is `posture: {rate_limit: …}` "
                "in `api.yaml`",
            )
        else:
            yield from _judged(descend(root, at), at)


def _judged(written: Json, at: Pointer) -> Iterator[Trouble]:
    if not isinstance(written, dict):
        message = f"{shown(LIMIT_MARK)} is no mapping with `{_RATE}`"
        yield Trouble(code=codes.BAD_LIMIT, at=at, message=message, help=_EXAMPLE, on="value")
        return
    for key in written:
        if key not in _KEYS:
            # By the second or by the day it is another number.
            meant = None if key.startswith("requests_per") else nearest(key, _KEYS)
            yield Trouble(
                code=codes.BAD_LIMIT,
                at=(*at, key),
                message=f"{shown(key)} is not one of {', '.join(_KEYS)}",
                help=_EXAMPLE if meant is None else f"did you mean `{meant}`?",
            )
    if _RATE not in written:
        if set(written) <= set(_KEYS):  # else it may be that what was meant is not called so
            message = f"{shown(LIMIT_MARK)} does not say `{_RATE}`"
            yield Trouble(code=codes.BAD_LIMIT, at=at, message=message, help=_EXAMPLE)
    elif not _is_rate(written[_RATE]):
        yield _number(at, _RATE, written[_RATE], f"a whole number from 1 to {_MOST_A_MINUTE:,}")
    if _BURST in written and not _is_burst(written[_BURST]):
        yield _number(at, _BURST, written[_BURST], f"a number from 1 to {_MOST_BURST}")


def _number(at: Pointer, key: str, value: Json, expects: str) -> Trouble:
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    what = f"{shown(str(value))}, which is not" if is_number else "not"
    return Trouble(
        code=codes.BAD_LIMIT,
        at=(*at, key),
        message=f"`{key}` is {what} {expects}",
        help=_EXAMPLE,
        on="value",
    )


def _is_rate(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_A_MINUTE


def _is_burst(value: Json | Decimal) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    return 1 <= value <= _MOST_BURST
