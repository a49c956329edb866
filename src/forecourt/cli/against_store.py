"""Run a verb against the store of an estate; what fails is said in a line, never a traceback."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.bootstrap import UnusableSetting, World, opened_world, read_settings
from forecourt.store.signing_keys import UnreadableSigningKey

FINDINGS = 1
USAGE = 2
WORLD_FAILED = 3

EstateFolder = Annotated[
    Path, typer.Option("--estate", metavar="DIR", help="The folder of the estate.")
]


def against_store(estate: Path, verb: Callable[[World], Awaitable[None]]) -> None:
    """Run it. Exits with 2 for settings that cannot be used, and 3 where the world fails."""

    async def run() -> None:
        async with opened_world(settings) as world:
            await verb(world)

    try:
        settings = read_settings(estate)
        asyncio.run(run())
    except UnusableSetting as error:
        refuse(str(error), USAGE)
    except (StoreUnavailable, UnreadableSigningKey, OSError) as error:
        refuse(str(error), WORLD_FAILED)


def refuse(message: str, code: int) -> NoReturn:
    """Say why not, on stderr, and leave."""
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(code)
