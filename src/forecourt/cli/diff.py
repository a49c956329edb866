"""`forecourt diff`: what changed from one contract to another, and whom it breaks."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from forecourt.actions.compare_contracts import Compared, LocatedChange, compare_contracts
from forecourt.cli.changes import json_document, markdown, text
from forecourt.cli.changes.findings import findings
from forecourt.cli.changes.warnings import warnings
from forecourt.cli.changes.wording import count
from forecourt.cli.check import At, Environment
from forecourt.cli.compared import Naming
from forecourt.cli.day import day_of
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.formats import github, sarif
from forecourt.cli.formats.report import Report
from forecourt.cli.here import within_checkout
from forecourt.cli.terminal import wants_colour
from forecourt.cli.words import word_option
from forecourt.contract.comparison import Verdict
from forecourt.estate.api import Api
from forecourt.estate.audience import Audience, sees

app = typer.Typer()


class Form(Enum):
    """How changes are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    MARKDOWN = "markdown"


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
        word_option("--audience", Audience, "For its callers only; else for all who see the API."),
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

    Ends with 1 where a change breaks somebody, or something could not be compared.
    """
    today = day_of(at)
    naming = Naming(folder=estate, environment=environment)
    before, after = naming.edition(old), naming.edition(new)
    declared = after.declared or before.declared
    if audience is not None and declared is not None:
        refuse_unseen(declared.api, audience)
    compared = compare_contracts(
        before,
        after,
        today=today,
        estate=naming.estate,
        estate_mistakes=naming.mistakes,
        audience=audience,
    )
    changes = tuple(c for c in compared.changes if c.change.verdict >= least)
    for warning in warnings(compared):
        typer.echo(warning, err=True)
    said = _written(compared, changes, form, naming.root_of(new))
    if said:
        typer.echo(said)
    if form is Form.TEXT:
        typer.echo(("\n" if said else "") + count(compared), err=True)
    if not compared.is_clear:
        raise typer.Exit(ExitCode.FINDINGS)


def _written(compared: Compared, changes: tuple[LocatedChange, ...], form: Form, root: Path) -> str:
    match form:
        case Form.TEXT:
            return text.written(compared, changes, has_colour=wants_colour())
        case Form.JSON:
            return json_document.written(compared, changes)
        case Form.MARKDOWN:
            return markdown.written(compared, changes)
        case Form.GITHUB:
            return github.written(_report(compared, changes, root))
        case Form.SARIF:
            return sarif.written(_report(compared, changes, root))


def refuse_unseen(api: Api, audience: Audience) -> None:
    """Ends the command where callers of an audience see nothing of an API."""
    if not sees(audience, api.audience):
        refuse(
            f"{audience.value} callers see nothing of `{api.name}`, which is "
            f"{api.audience.value}; name a narrower `--audience`",
            ExitCode.USAGE,
        )


def _report(compared: Compared, changes: tuple[LocatedChange, ...], root: Path) -> Report:
    return Report(diagnostics=findings(compared, changes), within=within_checkout(root))
