"""What leaked, as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from forecourt.actions.leak import Check, Leak, LeakKind
from forecourt.cli.render import printable

_HEAD = ("version", "operation", "status", "what", "times", "since", "last", "and so it")

# What a place of that kind is called; `{}` is the place.
_WHAT: Mapping[LeakKind, str] = MappingProxyType(
    {
        LeakKind.UNDECLARED: "{}",
        LeakKind.MISMATCHED: "{} is not as declared",
        LeakKind.STATUS: "the status",
        LeakKind.MEDIA_TYPE: "media type {}",
        LeakKind.BODY: "a body",
        LeakKind.ENCODED: "a compressed body",
        LeakKind.UNREADABLE: "a body that cannot be filtered: {}",
        LeakKind.MORE: "more than can be listed",
    }
)

_REMOVED: Mapping[Check, str] = MappingProxyType(
    {"filter": "was removed", "observe": "would be removed"}
)
_REPLACED: Mapping[Check, str] = MappingProxyType(
    {"filter": "was replaced by a problem", "observe": "would be replaced by a problem"}
)
_LEFT: Mapping[Check, str] = MappingProxyType({"filter": "left", "observe": "left"})
_BECAME: Mapping[LeakKind, Mapping[Check, str]] = MappingProxyType(
    {
        LeakKind.UNDECLARED: _REMOVED,
        LeakKind.MISMATCHED: _LEFT,
        LeakKind.STATUS: _REPLACED,
        LeakKind.MEDIA_TYPE: _REPLACED,
        LeakKind.BODY: _REMOVED,
        LeakKind.ENCODED: _REPLACED,
        LeakKind.UNREADABLE: _REPLACED,
        LeakKind.MORE: MappingProxyType({"filter": "-", "observe": "-"}),
    }
)


def leak_lines(leaks: Sequence[Leak]) -> Iterator[str]:
    """A table, the most frequent of each operation first; nothing where nothing leaked."""
    if not leaks:
        return
    rows = [_HEAD, *(_row(leak) for leak in sorted(leaks, key=_order))]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEAD))]
    for row in rows:
        cells = (_aligned(i, cell, widths[i]) for i, cell in enumerate(row))
        yield "  ".join(cells).rstrip()


def what(leak: Leak) -> str:
    """What it is that leaked, in a few words."""
    kind = LeakKind(leak.at.kind)
    place = leak.at.place
    if kind in (LeakKind.UNDECLARED, LeakKind.MISMATCHED) and place == "":
        place = "the whole body"
    elif kind is LeakKind.MEDIA_TYPE and place == "*":
        return "no media type, or an odd one"
    return printable(_WHAT[kind].format(place))


def _order(leak: Leak) -> tuple[object, ...]:
    return leak.at.version, leak.at.operation, leak.at.status, -leak.times, leak.at


def _row(leak: Leak) -> tuple[str, ...]:
    at = leak.at
    return (
        printable(at.version) or "-",
        printable(at.operation),
        at.status,
        what(leak),
        f"{leak.times:,}",
        f"{leak.since:%Y-%m-%d %H:%M}",
        f"{leak.last:%Y-%m-%d %H:%M}",
        _BECAME[LeakKind(at.kind)][at.check],
    )


_NUMBERS = _HEAD.index("times")


def _aligned(column: int, cell: str, width: int) -> str:
    return cell.rjust(width) if column == _NUMBERS else cell.ljust(width)
