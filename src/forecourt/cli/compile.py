"""`forecourt compile`: the snapshot of an estate as a folder, to read, diff, sign or copy."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from forecourt.actions.check_estate import Examined
from forecourt.actions.parts import NothingToServe
from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.bootstrap import World, opened_world, providing, publisher
from forecourt.cli.check import Environment, Local
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.left_out import left_out_lines
from forecourt.cli.progress import Progress
from forecourt.cli.render import Format, closing_count, rendered
from forecourt.compiler.envoy import files
from forecourt.compiler.ir.edge import Edge
from forecourt.compiler.snapshot import Snapshot
from forecourt.contract.codes import holds_back
from forecourt.edge.material import MaterialFolder, MaterialMissing
from forecourt.edge.snapshots import write_folder
from forecourt.edge.validation import SnapshotRefused, validate
from forecourt.settings import UnusableSetting, read_settings
from forecourt.source.estate import Files

app = typer.Typer()


@app.command(name="compile")
def compile_estate(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The estate's folder; else this one.")
    ] = Path(),
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="Where to write; must not exist.")
    ] = Path("snapshot"),
    check: Annotated[
        bool, typer.Option("--validate", help="Ask Envoy whether it would take it.")
    ] = False,
    environment: Environment = None,
    local: Local = False,
) -> None:
    """Compile an estate into a snapshot, all of it or nothing; print the snapshot's digest.

    Operations whose meaning cannot be told are left out, and named. Equal
    estates, keys and releases give equal bytes.
    """
    if out.exists():
        refuse(f"`{out}` exists; name a folder that does not with `--out`", ExitCode.USAGE)
    try:
        examined, texts, compiled = asyncio.run(_compile(folder, environment, local, check))
        text = rendered(examined.diagnostics, Format.CONCISE, texts)
        if text:
            typer.echo(text, err=True)
        if compiled is None or any(map(holds_back, examined.diagnostics)):
            typer.echo(closing_count(examined.diagnostics, len(texts)), err=True)
            raise typer.Exit(ExitCode.FINDINGS)
        for line in left_out_lines(examined.contracts.values()):
            typer.echo(line, err=True)
        contents = examined.compiled.contents
        write_folder(out, compiled.files, lambda folder: _write_contracts(contents, folder))
    except UnusableSetting as error:
        refuse(str(error), ExitCode.USAGE)
    except SnapshotRefused as error:
        refuse(f"envoy does not take the snapshot:\n{error}", ExitCode.FINDINGS)
    except (StoreUnavailable, MaterialMissing) as error:
        refuse(str(error), ExitCode.WORLD_FAILED)
    typer.echo(compiled.digest)


def _write_contracts(contents: Mapping[str, bytes], folder: Path) -> None:
    target = folder / files.CONTRACTS
    target.mkdir()
    for digest, content in contents.items():
        (target / digest).write_bytes(content)


async def _compile(
    folder: Path, environment: str | None, local: bool, check: bool
) -> tuple[Examined, Files, Snapshot | None]:
    settings = read_settings(folder, local=local or None, environment=environment)
    async with opened_world(settings) as world:
        with Progress("compiling") as progress:
            published = publisher(world, progress)
            examined, texts = await published.examine()
            try:
                edge, compiled = published.compiled(examined)
            except NothingToServe:
                return examined, texts, None
            if check and not any(map(holds_back, examined.diagnostics)):
                progress("asking envoy")
                await _ask_envoy(world, edge, compiled)
    return examined, texts, compiled


async def _ask_envoy(world: World, edge: Edge, compiled: Snapshot) -> None:
    """In a folder of its own: what serves must not change because somebody compiles."""
    with TemporaryDirectory(prefix="forecourt-") as folder:
        state = Path(folder)
        MaterialFolder(state).make_folders()
        await providing(world, state)(edge)
        await asyncio.to_thread(validate, compiled.files, state)
