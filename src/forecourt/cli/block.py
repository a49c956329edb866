"""`forecourt block`: who is refused for a while, why, and how that ends."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from forecourt.actions.block import Block, Measure, Target, spares
from forecourt.actions.block_target import NoTarget, block_target
from forecourt.actions.entropy import new_id
from forecourt.actions.parts import NothingToServe, gateway_of
from forecourt.actions.record import Record
from forecourt.bootstrap import World
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.record import Because, on_record
from forecourt.cli.render import printable
from forecourt.cli.span import span_of
from forecourt.cli.text_or_json import Form, TextOrJson, print_json
from forecourt.store.blocks import KEPT

app = typer.Typer(no_args_is_help=True, help="Who is refused for a while.")


_WHOM = typer.Argument(
    metavar="WHOM",
    help="An address or a network; a key or its id; a client's id; an application,"
    " `developer:ada/shop` or its id; or an owner, `developer:ada`, `partner:acme-corp`,"
    " `service:orders`.",
)


@app.command()
def add(
    whom: Annotated[str, _WHOM],
    because: Because = None,
    span: Annotated[
        str | None,
        typer.Option(
            "--for", metavar="SPAN", help="For how long: 30m, 24h, 7d; else until lifted."
        ),
    ] = None,
    estate: EstateFolder = Path(),
) -> None:
    """Refuse whom you name. The edge does so within a second. Who did it goes on the record."""
    length = None if span is None else span_of(span, "--for")

    async def verb(world: World) -> None:
        target = await _target(world, whom)
        declared = await _never_blocked(world)
        if spares(declared, target):
            refuse(
                f"`{target.id}` holds an address that `never_block` names ({', '.join(declared)});"
                " block a smaller network, or change forecourt.yaml",
                ExitCode.FINDINGS,
            )
        record = on_record(world, because)
        until = None if length is None else record.at + length
        block = await _added(world, target, Measure.BLOCK, record, until)
        typer.echo(f"{printable(target.id)} is refused {_till(block)}", err=True)

    against_store(estate, verb)


@app.command()
def spare(
    whom: Annotated[str, _WHOM],
    because: Because = None,
    span: Annotated[
        str, typer.Option("--for", metavar="SPAN", help="For how long: 30m, 24h, 7d.")
    ] = "24h",
    estate: EstateFolder = Path(),
) -> None:
    """Let a tester attack: no detector does anything about whom you name, an address or a key."""
    length = span_of(span, "--for")

    async def verb(world: World) -> None:
        target, record = await _target(world, whom), on_record(world, because)
        block = await _added(world, target, Measure.SPARE, record, record.at + length)
        typer.echo(
            f"{printable(target.id)}: no detector does anything about it {_till(block)}", err=True
        )

    against_store(estate, verb)


async def _added(
    world: World, target: Target, measure: Measure, record: Record, until: datetime | None
) -> Block:
    """The block, taken, and its id said."""
    block = Block(
        id=new_id("blk", world.entropy),
        target=target,
        measure=measure,
        record=record,
        until=until,
    )
    await world.store.blocks.add([block])
    typer.echo(block.id)
    return block


@app.command(name="list")
def list_(
    all_: Annotated[
        bool, typer.Option("--all", help="Those of the last 30 days too that ended or were lifted.")
    ] = False,
    estate: EstateFolder = Path(),
    form: Form = TextOrJson.TEXT,
) -> None:
    """List who is refused or slowed down, until when, by whom and why; oldest first."""

    async def verb(world: World) -> None:
        now = world.clock()
        stored = world.store.blocks
        found = await (stored.since(now - KEPT) if all_ else stored.standing(now))
        if form is TextOrJson.JSON:
            print_json([_fields(block, now) for block in found])
            return
        for block in found:
            typer.echo("\n".join(_lines(block, now)))
        if not found:
            typer.echo("nobody is blocked", err=True)

    against_store(estate, verb)


@app.command()
def lift(
    whom: Annotated[
        str, typer.Argument(metavar="WHOM", help="Whom you blocked, or the id of one block.")
    ],
    because: Because = None,
    estate: EstateFolder = Path(),
) -> None:
    """Let somebody in again. The edge does so within a second. Who did it goes on the record."""

    async def verb(world: World) -> None:
        record = on_record(world, because)
        standing = await world.store.blocks.standing(record.at)
        ids = [b.id for b in standing if whom in (b.id, b.target.id)]
        if not ids and not whom.startswith("blk_"):
            target = await _target(world, whom)
            ids = [b.id for b in standing if b.target == target]
        lifted = await world.store.blocks.lift(ids, record)
        if not lifted:
            refuse(
                f"no block of `{printable(whom)}` stands; see `forecourt block list`",
                ExitCode.FINDINGS,
            )
        for block in lifted:
            typer.echo(f"lifted {block.id} of {printable(block.target.id)}", err=True)

    against_store(estate, verb)


async def _target(world: World, whom: str) -> Target:
    callers = await world.store.revisions.published_callers()
    store = world.store
    found = await block_target(
        whom, callers=callers, store=store.credentials, clients=store.clients
    )
    if isinstance(found, NoTarget):
        refuse(printable(found.because), ExitCode.USAGE)
    return found


async def _never_blocked(world: World) -> tuple[str, ...]:
    newest = await world.store.revisions.newest()
    if newest is None:
        return ()
    try:
        return gateway_of(await world.store.revisions.parts(newest.number)).never_blocked
    except NothingToServe:
        return ()


def _lines(block: Block, now: datetime) -> list[str]:
    """What a block is, and under it why."""
    lines = [
        f"{block.id}  {_state(block, now)}  {block.target.kind.value} {printable(block.target.id)}"
        f"  {block.record.at:%Y-%m-%d %H:%M:%S}  {_till(block)}  {printable(block.record.who)}"
    ]
    if block.record.because:
        lines.append(f"    {printable(block.record.because)}")
    if block.evidence is not None and block.evidence.samples:
        lines.append(f"    requests: {', '.join(map(printable, block.evidence.samples))}")
    return lines


def what_is_done(block: Block, now: datetime) -> str:
    """In one line: which measure, until when, by whom and why."""
    because = f" ({block.record.because})" if block.record.because else ""
    return printable(f"{_state(block, now)} {_till(block)} by {block.record.who}{because}")


def _state(block: Block, now: datetime) -> str:
    if block.lifted_at is not None:
        return "lifted"
    words = {
        Measure.SPARE: "spared",
        Measure.REPORT: "reported",
        Measure.THROTTLE: "throttled",
        Measure.BLOCK: "blocked",
    }
    return words[block.measure] if block.stands(now) else "ended"


def _till(block: Block) -> str:
    return "until lifted" if block.until is None else f"until {block.until:%Y-%m-%d %H:%M:%S}"


def _fields(block: Block, now: datetime) -> dict[str, Any]:
    evidence = block.evidence
    return {
        "id": block.id,
        "state": _state(block, now),
        "measure": block.measure.value,
        "kind": block.target.kind.value,
        "target": block.target.id,
        "at": block.record.at.isoformat(timespec="seconds"),
        "until": None if block.until is None else block.until.isoformat(timespec="seconds"),
        "who": block.record.who,
        "because": block.record.because,
        "detector": None if evidence is None else evidence.detector,
        "counted": None if evidence is None else evidence.counted,
        "seconds": None if evidence is None else evidence.seconds,
        "requests": [] if evidence is None else list(evidence.samples),
    }
