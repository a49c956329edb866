"""`forecourt diff`: what changed from one contract to another, and whom it breaks."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from forecourt.actions.compare_contracts import Compared, LocatedChange, compare_contracts
from forecourt.cli.changes import json_document, text
from forecourt.cli.changes.wording import count
from forecourt.cli.check import At, Environment
from forecourt.cli.compared import Naming
from forecourt.cli.day import day_of
from forecourt.cli.exit_codes import ExitCode
from forecourt.cli.terminal import wants_colour
from forecourt.cli.words import word_option
from forecourt.contract.comparison import Verdict
from forecourt.estate.audience import Audience

app = typer.Typer()


class Form(Enum):
    """How changes are written."""

    TEXT = "text"
    JSON = "json"


@app.command()
def diff(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD", help="A version (`payments@1`), a file, or one of Git (`main:FILE`)."
        ),
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same, of what follows it.")],
    audience: Annotated[
        Audience | None,
        word_option("--audience", Audience, "As if the API were for it; else as the estate says."),
    ] = None,
    least: Annotated[
        Verdict, word_option("--least", Verdict, "Leave out what is less harmful.")
    ] = Verdict.SAFE,
    form: Annotated[Form, word_option("--format", Form, "How changes are written.")] = Form.TEXT,
    estate: Annotated[
        Path, typer.Option("--estate", metavar="DIR", help="The estate's folder; else this one.")
    ] = Path(),
    at: At = None,
    environment: Environment = None,
) -> None:
    """List what changed from one contract to another, and what it breaks for whom.

    Ends with 1 where a change breaks somebody.
    """
    today = day_of(at)
    naming = Naming(folder=estate, environment=environment)
    compared = compare_contracts(
        naming.edition(old),
        naming.edition(new),
        today=today,
        estate=naming.estate,
        audience=audience,
    )
    changes = tuple(c for c in compared.changes if c.change.verdict >= least)
    said = _written(compared, changes, form)
    if said:
        typer.echo(said)
    if form is Form.TEXT:
        typer.echo(("\n" if said else "") + count(compared), err=True)
    if compared.comparison.is_breaking:
        raise typer.Exit(ExitCode.FINDINGS)


def _written(compared: Compared, changes: tuple[LocatedChange, ...], form: Form) -> str:
    match form:
        case Form.TEXT:
            return text.written(compared, changes, has_colour=wants_colour())
        case Form.JSON:
            return json_document.written(compared, changes)
