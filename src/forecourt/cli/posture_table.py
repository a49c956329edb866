"""The posture of an API as a table, as plain text, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import Enum

import typer

from forecourt.cli.terminal import wants_colour
from forecourt.estate.api import Api
from forecourt.estate.audience import Audience
from forecourt.governance.provenance import Explained

JSON_VERSION = 1

_HEAD = ("dimension", "value", "set by", "judged by", "enforced by", "because")


class TableFormat(Enum):
    """How the table is written."""

    TABLE = "table"
    PLAIN = "plain"
    JSON = "json"


def posture_table(
    api: Api, caller: Audience, rows: tuple[Explained, ...], form: TableFormat
) -> None:
    """Print it on stdout."""
    match form:
        case TableFormat.TABLE:
            _print_table(_title(api, caller), [_cells(row) for row in rows])
        case TableFormat.PLAIN:
            typer.echo(f"{_title(api, caller)}\n\n{_plain([_HEAD, *map(_cells, rows)])}")
        case TableFormat.JSON:
            typer.echo(json.dumps(_document(api, caller, rows), indent=2, ensure_ascii=False))


def _title(api: Api, caller: Audience) -> str:
    return f"{api.name}: audience {api.audience.value}, as {caller.value} callers find it"


def _cells(row: Explained) -> tuple[str, ...]:
    return (
        row.dimension.key,
        row.value,
        _set_by(row),
        row.dimension.judged_by.value,
        row.dimension.enforced_by.value,
        row.because,
    )


def _set_by(row: Explained) -> str:
    source = row.set_by.value if isinstance(row.set_by, Audience) else str(row.set_by)
    if not row.is_laxer:
        return source
    allowed = row.waiver.places.origin.path if row.waiver is not None else "no waiver allows it"
    return f"{source}, laxer: {allowed}"


def _plain(rows: Iterable[tuple[str, ...]]) -> str:
    """Columns two blanks apart."""
    lines = list(rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _print_table(title: str, rows: Iterable[tuple[str, ...]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, highlight=False)
    for heading in _HEAD:
        table.add_column(heading, overflow="fold", no_wrap=heading == "dimension")
    for row in rows:
        table.add_row(*row)
    Console(no_color=not wants_colour(), markup=False).print(table)


def _document(api: Api, caller: Audience, rows: tuple[Explained, ...]) -> dict[str, object]:
    return {
        "version": JSON_VERSION,
        "api": api.name,
        "audience": api.audience.value,
        "caller": caller.value,
        "dimensions": [
            {
                "key": row.dimension.key,
                "value": row.value,
                "set_by": row.set_by.value if isinstance(row.set_by, Audience) else str(row.set_by),
                "laxer": row.is_laxer,
                "waiver": row.waiver.places.origin.path if row.waiver is not None else None,
                "judged_by": row.dimension.judged_by.value,
                "enforced_by": row.dimension.enforced_by.value,
                "because": row.because,
            }
            for row in rows
        ],
    }
