"""A kind of change of a contract, as a page to read and as a row of the table of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from forecourt.contract.comparison import Kind, Verdict
from forecourt.estate.audience import Audience
from forecourt.estate.posture import POSTURES

_WAYS = {"request": "requests", "response": "answers", "both": "the whole exchange"}

TABLE_HEAD = """\
| kind | a change by which | matters for | verdict | why | how to make it safe |
| --- | --- | --- | --- | --- | --- |"""


def change_page(kind: Kind) -> str:
    """What `explain` prints."""
    return "\n".join(_lines(kind))


def _lines(kind: Kind) -> Iterator[str]:
    yield f"{kind.id} (a kind of change; {verdict_by_audience(kind)})"
    yield ""
    yield f"{kind.summary[0].upper()}{kind.summary[1:]}."
    yield f"It matters for {_WAYS[kind.way]}."
    yield ""
    yield "Why"
    yield f"  {kind.because}"
    if kind.exceptional is not None:
        yield f"  {kind.exceptional.verdict.value} where {kind.exceptional.where}"
    yield ""
    yield "How to make it safe"
    yield f"  {kind.remedy}"
    yield ""
    yield f"The way back: {kind.reverse}"


def table_row(kind: Kind) -> str:
    """Its row under `TABLE_HEAD`."""
    because = kind.because
    if kind.exceptional is not None:
        because += f"; {kind.exceptional.verdict.value} where {kind.exceptional.where}"
    cells = (
        f"`{kind.id}`",
        kind.summary,
        _WAYS[kind.way],
        verdict_by_audience(kind),
        because,
        kind.remedy,
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def verdict_by_audience(kind: Kind) -> str:
    """`breaking`; or `risky for internal, breaking for partner and public`."""
    verdicts = {audience: kind.verdict_under(POSTURES[audience]) for audience in Audience}
    if len(set(verdicts.values())) == 1:
        return kind.verdict_under(POSTURES[Audience.PUBLIC]).value
    return ", ".join(_each(verdicts))


def _each(verdicts: Mapping[Audience, Verdict]) -> Iterator[str]:
    for verdict in dict.fromkeys(verdicts.values()):
        audiences = [a.value for a, each in verdicts.items() if each is verdict]
        yield f"{verdict.value} for {' and '.join(audiences)}"
