"""`forecourt migrate`: the guide from one version of an API to another."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from forecourt.actions.migrate_api import migrate_api
from forecourt.actions.migration_guide import Guide, NoGuide
from forecourt.cli.check import Environment, examined_folder
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.guide_text import json_text, markdown
from forecourt.cli.words import word_option
from forecourt.estate.audience import Audience

app = typer.Typer()


class Form(Enum):
    """How the guide is written."""

    MARKDOWN = "markdown"
    JSON = "json"


@app.command()
def migrate(
    api: Annotated[str, typer.Argument(metavar="API", help="An API of the estate.")],
    older: Annotated[str, typer.Argument(metavar="OLD", help="The version that callers leave.")],
    newer: Annotated[str, typer.Argument(metavar="NEW", help="The version they come to.")],
    audience: Annotated[
        Audience | None,
        word_option("--audience", Audience, "As its callers read it; else those of the API."),
    ] = None,
    form: Annotated[Form, word_option("--format", Form, "How it is written.")] = Form.MARKDOWN,
    estate: Annotated[
        Path, typer.Option("--estate", metavar="DIR", help="The estate's folder; else this one.")
    ] = Path(),
    environment: Environment = None,
) -> None:
    """Write the migration guide: what changed, why, and messages before and after.

    It is made of the changes between the versions and of their contracts' examples.
    """
    examined, files = examined_folder(estate, at=None, environment=environment, local=True)
    match migrate_api(files, examined.estate, api, older, newer, audience):
        case Guide() as guide:
            written = markdown if form is Form.MARKDOWN else json_text
            typer.echo(written(guide), nl=False)
        case NoGuide(because=because, is_mistaken=is_mistaken):
            refuse(because, ExitCode.FINDINGS if is_mistaken else ExitCode.USAGE)
