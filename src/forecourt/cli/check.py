"""`forecourt check`: everything that is wrong with an estate, each at its place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from forecourt.actions.check_estate import Examined, examine
from forecourt.actions.estate_files import files_below
from forecourt.actions.no_estate import is_estate, no_estate
from forecourt.actions.read_contracts import Reading
from forecourt.actions.served_versions import served_by
from forecourt.cli.day import day_of
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.here import within_checkout
from forecourt.cli.progress import Progress
from forecourt.cli.render import Format, Report, closing_count, written
from forecourt.cli.terminal import is_terminal, wants_colour
from forecourt.cli.words import word_option
from forecourt.contract.model import JudgedElsewhere
from forecourt.diagnostics import Diagnostic, Severity, has_errors
from forecourt.edge.served_policies import served_policies
from forecourt.governance.rule import ServedVersion
from forecourt.source.estate import Files
from forecourt.source.folder import EstateFolder
from forecourt.state_folder import state_folder
from forecourt.store.contract_cache import ContractCache, cache_folder, code_digest

app = typer.Typer()

At = Annotated[
    str | None, typer.Option("--at", metavar="DATE", help="Judge as of this day; else today, UTC.")
]
Environment = Annotated[
    str | None,
    typer.Option("--env", metavar="NAME", help="Lay `forecourt.NAME.yaml` over the estate."),
]
Local = Annotated[
    bool,
    typer.Option("--local", help="As `up --local`: ask for no certificates and no variables."),
]


@app.command()
def check(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The estate's folder; else this one.")
    ] = Path(),
    at: At = None,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail, too.")] = False,
    environment: Environment = None,
    local: Local = False,
    form: Annotated[
        Format | None,
        word_option("--format", Format, "Else framed on a terminal, and concise in a pipe."),
    ] = None,
    reads_all: Annotated[
        bool,
        typer.Option("--no-cache", help="Read every contract, also those that did not change."),
    ] = False,
    tells_all: Annotated[
        bool,
        typer.Option("--verbose", help="Say what of requests the control plane has to judge, too."),
    ] = False,
) -> None:
    """List everything that is wrong with an estate, each mistake at its place."""
    examined, files = examined_folder(
        folder, at=at, environment=environment, local=local, reads_all=reads_all
    )
    chosen = form or (Format.FRAMED if is_terminal() else Format.CONCISE)
    report = Report(
        diagnostics=examined.diagnostics,
        files=files,
        within=within_checkout(folder),
        is_strict=strict,
        has_colour=wants_colour(),
    )
    text = written(report, chosen)
    if text:
        typer.echo(text)
    if not chosen.is_document:
        gap = "\n" if chosen is Format.FRAMED and text else ""
        typer.echo(gap + closing_count(examined.diagnostics, len(files)), err=True)
    if tells_all:
        typer.echo(judged_elsewhere(examined.elsewhere), err=chosen.is_document)
    if fails(examined.diagnostics, strict=strict):
        raise typer.Exit(ExitCode.FINDINGS)


def judged_elsewhere(parts: tuple[JudgedElsewhere, ...]) -> str:
    """A line for each part of a request that the edge leaves to the control plane, and why."""
    if not parts:
        return "every parameter and body is judged at the edge"
    return "\n".join(
        f"{p.span}: {p.method} {p.template}, {p.part}: judged by the control plane ({p.reason})"
        for p in parts
    )


def examined_folder(
    folder: Path,
    *,
    at: str | None,
    environment: str | None,
    local: bool,
    reads_all: bool = False,
) -> tuple[Examined, Files]:
    """The estate of a folder, judged, and its files; no contracts, where the cache knows them."""
    today = day_of(at)
    if not is_estate(folder):
        refuse(no_estate(folder), ExitCode.USAGE)
    files, mistakes = EstateFolder(folder).read()
    memory = None if reads_all else _memory()
    with Progress("checking") as progress:
        examined = examine(
            files,
            environment,
            today,
            mistakes=mistakes,
            others=files_below(folder),
            variables=None if local else frozenset(os.environ),
            reading=Reading(memory=memory, proofs=memory, progress=progress),
            served=_served(folder),
        )
    return examined, files


def _served(folder: Path) -> Mapping[str, tuple[ServedVersion, ...]] | None:
    """What this folder was published as, where an edge serves it on this machine."""
    policies = served_policies(state_folder(folder))
    return None if policies is None else served_by(policies)


def _memory() -> ContractCache | None:
    folder = cache_folder(os.environ)
    return None if folder is None else ContractCache(folder, code=code_digest())


def fails(diagnostics: tuple[Diagnostic, ...], *, strict: bool) -> bool:
    """Whether there is an error, or under `--strict` a warning."""
    return has_errors(diagnostics) or (
        strict and any(d.severity is Severity.WARNING for d in diagnostics)
    )
