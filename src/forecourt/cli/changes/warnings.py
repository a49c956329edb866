"""What a comparison passes over, told on stderr whatever the format."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.actions.compare_contracts import Compared
from forecourt.cli.formats.report import printable

_MOST = 20


def warnings(compared: Compared) -> Iterator[str]:
    """A line for an estate that has mistakes, and one for each operation that was not compared.

    The last counts those beyond 20.
    """
    if compared.estate_mistakes:
        yield (
            f"warning: the estate has {mistakes(compared.estate_mistakes)}; callers may be missing "
            "from what follows, and APIs from what is known; `forecourt check` lists what is wrong"
        )
    for each in compared.not_compared[:_MOST]:
        name = (compared.old if each.side == "old" else compared.new).name
        yield printable(
            f"warning: not compared: {each.operation}, left out of `{name}` ({each.side}): "
            f"{each.span}: {each.reason}"
        )
    if (more := len(compared.not_compared) - _MOST) > 0:
        yield f"warning: not compared: {more:,} more"


def mistakes(count: int) -> str:
    """`1 mistake`."""
    return f"{count:,} mistake{'s' if count != 1 else ''}"
