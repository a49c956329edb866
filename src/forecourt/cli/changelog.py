"""`forecourt changelog`: what each version of an API changed."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from forecourt.actions.write_changelog import Changelog, NoChangelog, write_changelog
from forecourt.cli.changelog_text import json_text, markdown
from forecourt.cli.check import At, Environment, examined_folder
from forecourt.cli.day import day_of
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.words import word_option
from forecourt.estate.audience import Audience

app = typer.Typer()


class Form(Enum):
    """How the changelog is written."""

    MARKDOWN = "markdown"
    JSON = "json"


@app.command()
def changelog(
    api: Annotated[str, typer.Argument(metavar="API", help="An API of the estate.")],
    audience: Annotated[
        Audience | None,
        word_option("--audience", Audience, "As its callers read it; else those of the API."),
    ] = None,
    form: Annotated[Form, word_option("--format", Form, "How it is written.")] = Form.MARKDOWN,
    estate: Annotated[
        Path, typer.Option("--estate", metavar="DIR", help="The estate's folder; else this one.")
    ] = Path(),
    at: At = None,
    environment: Environment = None,
) -> None:
    """Write what each version changed, the newest first, and why.

    It is made of the changes between versions, and of what differs between their contracts.
    """
    examined, files = examined_folder(estate, at=at, environment=environment, local=True)
    match write_changelog(files, examined.estate, api, audience, day_of(at)):
        case Changelog() as found:
            written = markdown if form is Form.MARKDOWN else json_text
            typer.echo(written(found), nl=False)
        case NoChangelog(because=because):
            refuse(because, ExitCode.USAGE)
