"""Run a verb against the store of an estate; what fails is said in a line, never a traceback."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.bootstrap import World, opened_world
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.edge.material import MaterialMissing
from forecourt.edge.validation import SnapshotRefused
from forecourt.settings import UnusableSetting, settings_as_served
from forecourt.store.signing_keys import UnreadableSigningKey

EstateFolder = Annotated[
    Path, typer.Option("--estate", metavar="DIR", help="The folder of the estate.")
]


def against_store(estate: Path, verb: Callable[[World], Awaitable[None]]) -> None:
    """Run it. Settings that cannot be used are a mistake of usage."""

    async def run() -> None:
        async with opened_world(settings) as world:
            await verb(world)

    try:
        settings = settings_as_served(estate)
        asyncio.run(run())
    except UnusableSetting as error:
        refuse(str(error), ExitCode.USAGE)
    except SnapshotRefused as error:
        refuse(f"envoy does not take the snapshot:\n{error}", ExitCode.WORLD_FAILED)
    except (StoreUnavailable, UnreadableSigningKey, MaterialMissing) as error:
        refuse(str(error), ExitCode.WORLD_FAILED)
