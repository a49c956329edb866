"""The posture table as a page of the documentation: `docs/posture.md`."""

from __future__ import annotations

from collections.abc import Iterable

from forecourt.estate.audience import Audience
from forecourt.estate.posture import DIMENSIONS, Dimension
from forecourt.estate.scale import Accepted, Count, Ladder, Limits, Rate, Scale
from forecourt.estate.wording import worded

_HEAD = """\
# What follows from the audience

Each API declares one word, its `audience`: `internal`, `partner` or `public`. This is what follows
from it. `forecourt explain API` prints the same for one API, with the place of each value that the
estate set itself.

A dimension is judged by the audience of the *caller*, of the *API*, or of *both* (the stricter
wins). It is enforced by the edge, by `forecourt check`, or *declared only*: it binds people, and no
code enforces it yet.

An API may set any dimension that has values under `posture:` in its `api.yaml`. Stricter is always
allowed; laxer takes a waiver of `laxer-than-posture`.

<!-- Written from the table in src/forecourt/estate/posture.py: pytest tests/cli --update-golden -->
"""


def posture_page() -> str:
    """The page, as Markdown."""
    table = "\n".join(_row(cells) for cells in (_TITLES, _RULER, *map(_cells, DIMENSIONS)))
    reasons = "".join(_section(dimension) for dimension in DIMENSIONS)
    return f"{_HEAD}\n## The table\n\n{table}\n\n## The reasons\n{reasons}"


_TITLES = ("dimension", *(a.value for a in Audience), "judged by", "enforced by")
_RULER = ("---",) * len(_TITLES)


def _cells(dimension: Dimension) -> tuple[str, ...]:
    return (
        f"[`{dimension.key}`](#{dimension.key})",
        *(worded(dimension, dimension.values[a].value) for a in Audience),
        dimension.judged_by.value,
        dimension.enforced_by.value,
    )


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _section(dimension: Dimension) -> str:
    values = dimension.values
    reasons = "\n".join(
        f"- {a.value}: **{worded(dimension, values[a].value)}**: {values[a].because}"
        for a in Audience
    )
    return f"\n### {dimension.key}\n\n{_order(dimension.scale)}\n\n{reasons}\n"


def _order(scale: Scale) -> str:
    """What the values are, and which of them are stricter."""
    match scale:
        case Ladder():
            return f"Lax to strict: {scale.describe()}."
        case Accepted():
            return f"A set: {scale.describe()}. Fewer is stricter."
        case Count(more_is=more_is):
            return f"{scale.describe().capitalize()}. More is {more_is.value}."
        case Limits() | Rate():
            return f"A mapping with {scale.describe()}. Less is stricter."
        case _:
            return f"{scale.describe().capitalize()}."
