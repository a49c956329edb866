"""Rows as columns, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from forecourt.cli.formats.report import printable


def print_columns(rows: Sequence[tuple[str, ...]]) -> None:
    """Each column as wide as its widest cell; what cannot be printed is not."""
    shown = [tuple(map(printable, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(padded).rstrip())
