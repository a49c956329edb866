"""`forecourt schema`: what an editor needs to complete and check an estate's files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.governance.nearest import did_you_mean
from forecourt.source.schemas import SCHEMAS, FileSchema, schema_called

app = typer.Typer()


@app.command()
def schema(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="Which schema; else they are listed."),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="DIR", help="Write each as `NAME.json` into a folder."),
    ] = None,
) -> None:
    """Print the JSON Schema (2020-12) of a file of an estate, or list them all."""
    wanted = SCHEMAS if name is None else (_called(name),)
    if write is not None:
        _write(wanted, write)
    elif name is not None:
        typer.echo(schema_text(wanted[0]), nl=False)
    else:
        typer.echo(_listed())


def schema_text(schema: FileSchema) -> str:
    """The schema as it is printed and written."""
    return json.dumps(schema.document, indent=2, ensure_ascii=False) + "\n"


def _called(name: str) -> FileSchema:
    found = schema_called(name)
    if found is None:
        names = tuple(schema.name for schema in SCHEMAS)
        way_out = did_you_mean(name, names, "`forecourt schema` lists them")
        refuse(f"there is no schema `{name}`; {way_out}", ExitCode.USAGE)
    return found


def _listed() -> str:
    wide, wider = (max(map(len, column)) for column in zip(*map(_cells, SCHEMAS), strict=True))
    return "\n".join(
        f"{schema.name:{wide}}  {schema.files:{wider}}  {schema.about}" for schema in SCHEMAS
    )


def _cells(schema: FileSchema) -> tuple[str, str]:
    return schema.name, schema.files


def _write(schemas: tuple[FileSchema, ...], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for each in schemas:
        (folder / f"{each.name}.json").write_text(schema_text(each))
    typer.echo(f"{len(schemas)} schemas are in `{folder}`", err=True)
