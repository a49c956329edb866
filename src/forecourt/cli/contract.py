"""`forecourt contract`: what callers of one audience see of an API, as OpenAPI."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from forecourt.actions.show_contract import NotShown, Shown, Unreadable, show_contract
from forecourt.cli.check import Environment, examined_folder
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.openapi_text import json_text, yaml_text
from forecourt.cli.words import word_option
from forecourt.estate.audience import Audience

app = typer.Typer()


class Form(Enum):
    """How the document is written."""

    YAML = "yaml"
    JSON = "json"


@app.command()
def contract(
    subject: Annotated[
        str,
        typer.Argument(metavar="API[@VERSION]", help="Else the newest version that is current."),
    ],
    audience: Annotated[
        Audience | None,
        word_option("--audience", Audience, "As whose callers see it; else those of the API."),
    ] = None,
    form: Annotated[
        Form,
        word_option("--format", Form, "How it is written."),
    ] = Form.YAML,
    estate: Annotated[
        Path, typer.Option("--estate", metavar="DIR", help="The estate's folder; else this one.")
    ] = Path(),
    environment: Environment = None,
) -> None:
    """Print an API's contract as an audience sees it, an OpenAPI document.

    What is marked for narrower audiences is not in it. Its servers are our paths.
    """
    name, _, version = subject.partition("@")
    examined, _ = examined_folder(
        estate, at=None, environment=environment, local=True, reads_all=True
    )
    match show_contract(examined, name, version or None, audience):
        case Shown() as shown:
            written = yaml_text if form is Form.YAML else json_text
            typer.echo(written(shown.document), nl=False)
        case NotShown() as not_shown:
            refuse(not_shown.because, ExitCode.USAGE)
        case Unreadable() as unreadable:
            refuse(
                f"`{unreadable.contract}` cannot be read; see `forecourt check`", ExitCode.FINDINGS
            )
