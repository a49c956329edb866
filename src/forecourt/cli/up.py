"""`forecourt up`: check, compile and serve an estate, and publish what is saved."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import structlog
import typer

from forecourt.actions.check_estate import Examined
from forecourt.actions.exposure_report import ExposureReport
from forecourt.actions.parts import NothingToServe, edge_of
from forecourt.actions.publish import Published
from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.bootstrap import World, companion, foreign_keys, looking, opened_world, publisher
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.exposure import opening_lines
from forecourt.cli.logs import log_to_stderr
from forecourt.cli.outcome import outcome_lines, waiting_lines
from forecourt.cli.progress import Progress
from forecourt.cli.record import on_record, who_acts
from forecourt.cli.render import Format, rendered
from forecourt.cli.terminal import is_terminal, wants_colour
from forecourt.cli.welcome import Shown, welcome
from forecourt.compiler.ir.callers import Issuer
from forecourt.edge.buckets import BucketsUnusable
from forecourt.edge.exposure.probing import Pace
from forecourt.edge.locks import Taken, held
from forecourt.edge.material import MaterialFolder, MaterialMissing
from forecourt.edge.snapshots import SnapshotFolder
from forecourt.edge.supervisor import AddressTaken, EnvoyDidNotStart
from forecourt.edge.validation import SnapshotRefused
from forecourt.server.companion import publish_what_is_saved, serving_gateway
from forecourt.server.exposure import Asked, look
from forecourt.server.exposure_watch import Publications, keep_looking
from forecourt.server.foreign_keys import keep_foreign_keys
from forecourt.server.key_wishes import KeyWishes
from forecourt.server.local_callers import LocalCallers, local_callers
from forecourt.server.oauth.key_keeping import ServedKeys, keep_token_keys
from forecourt.server.publisher import Publisher, Report
from forecourt.settings import Settings, UnusableSetting, read_settings, remember_environment
from forecourt.state_folder import make_state_folder

app = typer.Typer()

# Seconds in which the edge answers callers alone, between two things that are looked for.
_PAUSE_BETWEEN_TARGETS = 0.25
# After each publication: all that a small estate has, and a turn of what a large one has.
_TARGETS_A_LOOK = 20


@app.command()
def up(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The estate's folder; else this one.")
    ] = Path(),
    local: Annotated[
        bool,
        typer.Option("--local", help="Mocks, certificates and callers for this machine alone."),
    ] = False,
    environment: Annotated[
        str | None,
        typer.Option("--env", metavar="NAME", help="Lay `forecourt.NAME.yaml` over the estate."),
    ] = None,
) -> None:
    """Serve an estate and publish what is saved, until stopped."""
    log_to_stderr(is_quiet=is_terminal())
    try:
        settings = read_settings(folder, local=local, environment=environment)
        make_state_folder(settings.state)
        if local:
            (settings.state / "local").mkdir(mode=0o700, exist_ok=True)
        else:  # what `compile --local` may have left would make later verbs publish mocks
            shutil.rmtree(settings.state / "local", ignore_errors=True)
        with held(settings.state / "run" / "up.lock", wait=False):
            remember_environment(settings)
            asyncio.run(_run(settings))
    except UnusableSetting as error:
        refuse(str(error), ExitCode.USAGE)
    except Taken:
        refuse("this estate is served already, by another `forecourt up`", ExitCode.WORLD_FAILED)
    except NothingToServe:
        refuse("forecourt.yaml has mistakes, so there is no listener", ExitCode.FINDINGS)
    except EnvoyDidNotStart as error:
        refuse(f"envoy did not start:\n{error}", ExitCode.WORLD_FAILED)
    except SnapshotRefused as error:
        refuse(f"envoy does not take the snapshot:\n{error}", ExitCode.WORLD_FAILED)
    except (AddressTaken, BucketsUnusable, StoreUnavailable, MaterialMissing) as error:
        refuse(str(error), ExitCode.WORLD_FAILED)


async def _run(settings: Settings) -> None:
    # From the first moment: what was started is ended in order.
    stopped, left = _asked(signal.SIGINT, signal.SIGTERM), _asked(signal.SIGUSR2)
    serving = asyncio.create_task(_serve(settings, is_leaving=left.done))
    await asyncio.wait({serving, stopped, left}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        serving.result()
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    if left.done():
        typer.echo("Envoy serves on, until the next `forecourt up` takes over", err=True)
        sys.stderr.flush()
        os._exit(ExitCode.NOTHING_WRONG)  # asyncio would end the children that it knows
    typer.echo("stopped", err=True)


async def _serve(settings: Settings, *, is_leaving: Callable[[], bool]) -> None:
    """Serves until cancelled, or until something fails that cannot be gone on without.

    Envoy ends with it, unless at that moment it `is_leaving`.
    """
    who = who_acts()
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(opened_world(settings))
        published = publisher(world, Progress("publishing"))
        report = await published.publish(who=who, because="up")
        _tell(report, settings.estate, is_first=True)
        wishes = KeyWishes()
        with Progress("starting envoy"):
            gateway = serving_gateway(await companion(world, published, wishes))
            envoy = await stack.enter_async_context(gateway)
        stack.callback(lambda: envoy.leave() if is_leaving() else None)
        typer.echo(await _welcome(world, published, report))
        await asyncio.gather(*_work(world, published, report, who, wishes))


def _work(
    world: World, published: Publisher, last: Report, who: str, wishes: KeyWishes
) -> Iterator[Coroutine[object, object, None]]:
    """What goes on until somebody stops us."""
    estate = world.settings.estate
    publications = Publications(last.examined, SnapshotFolder(world.settings.state).current)

    def tell(report: Report) -> None:
        _tell(report, estate)
        publications.examined = report.examined  # by `forecourt open` it may be published yet
        if isinstance(report.outcome, Published):
            publications.tell(report.examined)

    async def look_for_openings(examined: Examined) -> ExposureReport:
        asked = Asked(
            is_asked=world.settings.asks_edge,
            asks_upstreams=world.settings.asks_upstreams,
            pace=Pace(pause=_PAUSE_BETWEEN_TARGETS, most=_TARGETS_A_LOOK),
        )
        found, _ = await look(examined, looking(world), asked)
        return found

    async def issuers() -> tuple[Issuer, ...]:
        return (await world.store.revisions.published_callers()).issuers

    async def publish_keys() -> None:
        tell(await published.publish(who=who, because="an issuer's keys changed"))

    async def publish_token_keys() -> None:
        tell(await published.publish(who=who, because="the keys of access tokens changed"))

    yield keep_token_keys(
        world.signing_keys,
        is_served=ServedKeys(world.settings.state, world.clock).stands,
        publish=publish_token_keys,
        failed=_tell_failure,
        clock=world.clock,
    )

    yield keep_looking(publications, look_for_openings, told=_tell_openings, failed=_tell_no_report)
    yield publish_what_is_saved(
        published, estate, last=last, who=who, told=tell, failed=_tell_failure
    )
    if not world.settings.local:
        yield keep_foreign_keys(
            foreign_keys(world),
            issuers,
            wishes=wishes,
            publish=publish_keys,
            failed=_tell_failure,
        )


async def _welcome(world: World, published: Publisher, report: Report) -> str:
    revisions = world.store.revisions
    newest = await revisions.newest()
    assert newest is not None, "something was published, or there would be nothing to serve"
    callers = await _callers(world) if world.settings.local else None
    parts = await revisions.parts(newest.number)
    narrowings = {n.api: n.audience for n in await world.store.narrowings.standing()}
    return welcome(
        Shown(
            folder=world.settings.estate,
            operations=world.settings.operations,
            edge=edge_of(parts, narrowings),
            examined=report.examined,
            revision=newest.number,
            material=MaterialFolder(world.settings.state),
            callers=callers,
        )
    )


async def _callers(world: World) -> LocalCallers:
    return await local_callers(
        world.settings.state,
        callers=await world.store.revisions.published_callers(),
        store=world.store.credentials,
        record=on_record(world, "up --local"),
        entropy=world.entropy,
    )


def _tell(report: Report, estate: Path, *, is_first: bool = False) -> None:
    """What was found and what came of it; at the start the welcome says what serves."""
    found = report.examined.diagnostics
    form = Format.FRAMED if is_terminal() else Format.CONCISE
    if found:
        typer.echo(rendered(found, form, report.files, colour=wants_colour()) + "\n", err=True)
    if is_first:
        for line in waiting_lines(report.outcome, estate=estate):
            typer.echo(line, err=True)
        return
    for line in outcome_lines(report.outcome, seconds=report.seconds, estate=estate):
        typer.echo(line)


def _tell_failure(error: Exception) -> None:
    because = "; ".join([str(error) or type(error).__name__, *getattr(error, "__notes__", ())])
    structlog.get_logger().error("cannot publish; what serves goes on", because=because)


def _tell_openings(report: ExposureReport) -> None:
    if report.openings:
        typer.echo("open outside, and should not be:", err=True)
        for line in opening_lines(report):
            typer.echo(line, err=True)


def _tell_no_report(error: Exception) -> None:
    because = str(error) or type(error).__name__
    structlog.get_logger().error("cannot look for openings", because=because)


def _asked(*signals: signal.Signals) -> asyncio.Task[bool]:
    """Done when somebody sends us one of these."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in signals:
        loop.add_signal_handler(number, asked.set)
    return asyncio.create_task(asked.wait())
