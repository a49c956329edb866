"""`forecourt explain`: the posture of an API and who set it, or the page of a rule."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from forecourt.actions.no_estate import is_estate, no_estate
from forecourt.cli.check import At, Environment, examined_folder
from forecourt.cli.day import day_of
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.posture_table import TableFormat, posture_table
from forecourt.cli.rule_page import known_words, page_of
from forecourt.cli.terminal import is_terminal
from forecourt.cli.words import word_option
from forecourt.estate.api import Api
from forecourt.estate.audience import Audience, sees
from forecourt.estate.model import Estate
from forecourt.governance.nearest import did_you_mean
from forecourt.governance.provenance import explained

app = typer.Typer()

# In capitals, as no API can be called.
_CODE = re.compile(r"FC[0-9]+")


@app.command()
def explain(
    subject: Annotated[
        str, typer.Argument(metavar="API|RULE", help="An API, or a rule by its name or code.")
    ],
    estate: Annotated[
        Path, typer.Option("--estate", metavar="DIR", help="The estate's folder; else this one.")
    ] = Path(),
    caller: Annotated[
        Audience | None,
        word_option(
            "--caller",
            Audience,
            "Whose calls; else those of the widest audience that sees the API.",
        ),
    ] = None,
    at: At = None,
    environment: Environment = None,
    form: Annotated[
        TableFormat | None,
        word_option(
            "--format", TableFormat, "Else a table on a terminal, and plain text in a pipe."
        ),
    ] = None,
) -> None:
    """Explain an API's posture, each value and who set it; or what a rule is for."""
    page = page_of(subject)
    if page is not None:
        typer.echo(page)
        return
    if _CODE.fullmatch(subject):
        refuse(f"there is no rule {subject}", ExitCode.USAGE)
    if not is_estate(estate):
        near = did_you_mean(subject, known_words(), "")
        guess = f" ({near})" if near else ""
        refuse(f"no rule is called `{subject}`{guess}, and {no_estate(estate)}", ExitCode.USAGE)
    examined, _ = examined_folder(estate, at=at, environment=environment, local=True)
    api = _api(subject, examined.estate, estate)
    effective = api.audience if caller is None else caller
    if not sees(effective, api.audience):
        refuse(
            f"a {effective.value} caller never reaches `{api.name}`, which is "
            f"{api.audience.value}; name a narrower `--caller`",
            ExitCode.USAGE,
        )
    rows = explained(api, effective, examined.estate, day_of(at))
    chosen = form or (TableFormat.TABLE if is_terminal() else TableFormat.PLAIN)
    posture_table(api, effective, rows, chosen)


def _api(name: str, estate: Estate, folder: Path) -> Api:
    api = estate.apis.get(name)
    if api is not None:
        return api
    if (folder / "apis" / name / "api.yaml").is_file():
        refuse(f"`apis/{name}/api.yaml` cannot be read; see `forecourt check`", ExitCode.FINDINGS)
    way_out = did_you_mean(
        name, (*estate.apis, *known_words()), "name an API of this estate, or a rule"
    )
    refuse(f"`{name}` is neither an API nor a rule; {way_out}", ExitCode.USAGE)
