"""`forecourt init`: an estate to start from, or one around an OpenAPI document."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn, assert_never

import typer

from forecourt.actions.check_estate import Examined, examine
from forecourt.actions.document_files import DocumentFiles
from forecourt.actions.read_contracts import Reading
from forecourt.actions.starter_texts import estate_texts
from forecourt.actions.wrap_document import NotServable, Wish, Wrapped, wrap_document
from forecourt.actions.write_estate import Occupied, Written, write_estate
from forecourt.cli.day import day_of
from forecourt.cli.editor_files import FOLDER as SCHEMAS_FOLDER
from forecourt.cli.editor_files import schema_files, with_modelines
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.here import command_here, path_here
from forecourt.cli.left_out import left_out_lines
from forecourt.cli.progress import Progress
from forecourt.cli.render import Format, closing_count, rendered
from forecourt.cli.words import word_option
from forecourt.compiler.lowering.apis import prefix_of
from forecourt.contract.codes import holds_back
from forecourt.contract.locating import BY_ITS_PATH
from forecourt.diagnostics import Diagnostic
from forecourt.estate.audience import Audience
from forecourt.estate.posture import POSTURES
from forecourt.source.readable import content_of
from forecourt.source.vocabulary.addresses import UPSTREAM_URL
from forecourt.source.vocabulary.names import NAME, as_name, is_name

app = typer.Typer()

_MOST_PATHS = 20

# A path has one slash where two were written.
_URL_AS_A_PATH = re.compile(r"https?:/", re.IGNORECASE)

_ABOVE = "name the folder that holds all of its files with `--root`"
_NOT_THERE = "is not beside the document, or below its folder (`--root` names another)"


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Where to write; else this folder.")
    ] = Path(),
    openapi: Annotated[
        Path | None,
        typer.Option("--openapi", metavar="FILE", help="Make it around this document."),
    ] = None,
    audience: Annotated[
        Audience | None,
        word_option(
            "--audience",
            Audience,
            "Who may call the API of that document: the word that decides all else.",
        ),
    ] = None,
    upstream: Annotated[
        str | None,
        typer.Option("--upstream", metavar="URL", help="Where its service listens; else a mock."),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="What to call the API; else as its title."),
    ] = None,
    root: Annotated[
        Path | None,
        typer.Option(
            "--root", metavar="DIR", help="What the document may refer to; else its own folder."
        ),
    ] = None,
) -> None:
    """Write an estate that runs: a small one to start from, or one around an OpenAPI document.

    Nothing that exists is overwritten. What the document refers to is copied with it. Schemas for
    editors are written to `.schemas`, and each file names its own.
    """
    if openapi is None:
        _refuse_without_document(audience, upstream, name, root)
        texts = estate_texts(organization=json.dumps(_organization(folder), ensure_ascii=False))
        _write(folder, with_modelines({path: text.encode() for path, text in texts.items()}))
        _tell_what_next(folder, uses_mock=True)
        return
    wrapped = _wrapped(folder, openapi, root or openapi.parent, audience, upstream, name)
    wrapped = replace(wrapped, contents=with_modelines(wrapped.contents))
    _write(folder, wrapped.contents)
    with Progress("checking what was written") as progress:
        examined = _examined(wrapped.contents, progress)
    is_served = _tell_of_document(wrapped, examined)
    _tell_what_next(folder, uses_mock=upstream is None, is_served=is_served)
    if not is_served:
        raise typer.Exit(ExitCode.FINDINGS)


def _refuse_without_document(*options: object) -> None:
    for option, value in zip(("audience", "upstream", "name", "root"), options, strict=True):
        if value is not None:
            refuse(f"`--{option}` speaks of a document; name it with `--openapi`", ExitCode.USAGE)


def _wrapped(
    folder: Path,
    openapi: Path,
    root: Path,
    audience: Audience | None,
    upstream: str | None,
    name: str | None,
) -> Wrapped:
    if _URL_AS_A_PATH.match(str(openapi)):
        refuse("`--openapi` is a URL: nothing is fetched; save it first", ExitCode.USAGE)
    if audience is None:
        words = ", ".join(a.value for a in Audience)
        refuse(f"say who may call: `--audience` with one of {words}", ExitCode.USAGE)
    if upstream is not None and UPSTREAM_URL.parse(upstream) is None:
        refuse(f"`--upstream` is `{upstream}`, which is not {UPSTREAM_URL.expects}", ExitCode.USAGE)
    if name is not None and not is_name(name):
        near = as_name(name)
        way_out = f"; write `{near}`" if near is not None else ""
        refuse(f"`--name` is `{name}`, which is not {NAME.expects}{way_out}", ExitCode.USAGE)
    data = content_of(openapi, str(openapi))
    if isinstance(data, Diagnostic):
        _refuse_document(openapi, (data,))
    wish = Wish(
        document=_below(root, openapi),
        audience=audience,
        organization=_organization(folder),
        name=name,
        upstream=upstream,
    )
    with Progress(f"reading {openapi.name}"):
        outcome = wrap_document(data, DocumentFiles(root), wish)
    match outcome:
        case NotServable(diagnostics=diagnostics):
            _refuse_document(openapi, diagnostics)
        case wrapped:
            return wrapped


def _below(root: Path, openapi: Path) -> str:
    """The document's path from the folder of its files, with `/`."""
    file, folder = (Path(os.path.realpath(path)) for path in (openapi, root))
    if file.is_relative_to(folder):
        return file.relative_to(folder).as_posix()
    where = f"`{openapi}` does not lie below `{root}`"
    if Path(os.path.abspath(openapi)).is_relative_to(os.path.abspath(root)):
        where = f"`{openapi}` leads to `{file}`, which does not lie below `{root}`"
    above = path_here(Path(os.path.commonpath([file.parent, folder])))
    refuse(f"{where}; name a folder that holds it: `--root {above}`", ExitCode.USAGE)


def _refuse_document(openapi: Path, diagnostics: tuple[Diagnostic, ...]) -> NoReturn:
    told = [
        replace(d, help=_ABOVE) if d.help == BY_ITS_PATH else d  # as yet there is no estate
        for d in diagnostics
    ]
    typer.echo(rendered(tuple(told), Format.CONCISE, {}), err=True)
    refuse(f"`{openapi}` cannot be served; nothing was written", ExitCode.FINDINGS)


def _write(folder: Path, contents: Mapping[str, bytes]) -> None:
    match write_estate(folder, contents):
        case Occupied(paths=paths):
            listed = ", ".join(f"`{path_here((folder / p).absolute())}`" for p in paths[:3])
            more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
            refuse(f"{listed}{more} would be overwritten; name another folder", ExitCode.USAGE)
        case Written(paths=paths):
            _write_schemas(folder)
            for path in paths[:_MOST_PATHS]:
                typer.echo(path_here((folder / path).absolute()))
            if len(paths) > _MOST_PATHS:
                typer.echo(f"and {len(paths) - _MOST_PATHS} more files")
        case outcome:
            assert_never(outcome)


def _write_schemas(folder: Path) -> None:
    """What the first lines of the files name; what is there stays."""
    missing = {p: text for p, text in schema_files().items() if not (folder / p).exists()}
    write_estate(folder, missing)
    typer.echo(f"{path_here((folder / SCHEMAS_FOLDER).absolute())}/")


def _examined(contents: Mapping[str, bytes], progress: Progress) -> Examined:
    """What `check --local` will say of it."""
    reading = Reading(progress=progress)
    return examine(contents, None, day_of(None), variables=None, reading=reading)


def _tell_of_document(wrapped: Wrapped, examined: Examined) -> bool:
    """What there is of the API now, and whether `up` would serve it."""
    served = next(iter(examined.contracts.values()), wrapped.contract)
    count = len(served.operations)
    api = examined.estate.apis[wrapped.api]
    where = ", ".join(prefix_of(api, version) for version in api.versions)
    offers = f"{count:,} operation{'s' if count != 1 else ''}"
    errors = tuple(filter(holds_back, examined.diagnostics))
    until = ", and is not served until mended" if errors else ""
    typer.echo(f"\n`{wrapped.api}` offers {offers} at {where}{until}", err=True)
    for line in left_out_lines((served,), not_there=_NOT_THERE):
        typer.echo(line, err=True)
    if served.left_out and POSTURES[api.audience].request_check == "off":
        still = "`request_check` is off inside: what is left out still reaches the upstream"
        typer.echo(still, err=True)
    if errors:
        typer.echo(rendered(errors, Format.CONCISE, {}), err=True)
    if examined.diagnostics:
        count_of_all = closing_count(examined.diagnostics, len(wrapped.contents))
        typer.echo(f"{count_of_all}: `forecourt check` lists them", err=True)
    return not errors


def _tell_what_next(folder: Path, *, uses_mock: bool, is_served: bool = True) -> None:
    """On stderr, so that stdout lists files and nothing else."""
    where = [] if os.path.realpath(folder) == os.getcwd() else [_as_argument(folder)]
    program = command_here("", estate=Path.cwd()).split()[0]
    steps = [("what is wrong with it", ["check", "--local", *where])]
    if is_served:
        steps.append(("serve it on this machine, with mocks", ["up", "--local", *where]))
    if is_served and not uses_mock:
        steps.append(("serve it in front of its service", ["up", *where]))
    commands = [shlex.join([program, *words]) for _, words in steps]
    width = max(map(len, commands))
    typer.echo("\nwhat next:", err=True)
    for (what, _), command in zip(steps, commands, strict=True):
        typer.echo(f"  {command.ljust(width)}   # {what}", err=True)


def _as_argument(folder: Path) -> str:
    """As it can be typed after a verb, where what begins with `-` would be an option."""
    here = path_here(folder.absolute())
    return f"./{here}" if here.startswith("-") else here


def _organization(folder: Path) -> str:
    """The folder's name as that of the organisation, where it can be one."""
    words = Path(os.path.realpath(folder)).name.replace("-", " ").replace("_", " ").split()
    named = " ".join(word for word in words if word.isalnum())
    return named[:1].upper() + named[1:] if named else "Acme"
