"""The `forecourt` command: every verb in one place, loaded when it is asked for."""

from __future__ import annotations

import errno
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.governance.nearest import did_you_mean

# Each is a module of this package with an `app`; the order is that of `forecourt --help`.
VERBS: tuple[str, ...] = (
    "init",
    "up",
    "check",
    "compile",
    "explain",
    "schema",
    "contract",
    "diff",
    "migrate",
    "changelog",
    "why",
    "open",
    "narrow",
    "brownouts",
    "leaks",
    "revisions",
    "rollback",
    "key",
    "consumer",
    "client",
    "quota",
    "token",
    "block",
    "audit",
    "exposure",
)


# Typer gives these to every app that it makes a command of.
_COMPLETION = ("install_completion", "show_completion")


class Verbs(TyperGroup):
    """Loads only the verb that was asked for, and says in a line where the world failed."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All verbs."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The verb of that name."""
        return _verb(cmd_name) if cmd_name in VERBS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The verb that the command line begins with."""
        if args and args[0] not in VERBS:
            help = did_you_mean(args[0], VERBS, "`forecourt --help` lists the verbs")
            refuse(f"`{args[0]}` is not a verb; {help}", ExitCode.USAGE)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the verb."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read our output has read enough
                raise
            where = f"`{error.filename}`: " if error.filename is not None else ""
            refuse(f"{where}{(error.strerror or str(error)).lower()}", ExitCode.WORLD_FAILED)


@cache
def _verb(name: str) -> Any:
    """Made once, however often it is asked for."""
    app: typer.Typer = import_module(f"forecourt.cli.{name}").app
    app.rich_markup_mode = None  # plain help, as that of the whole command
    verb = get_command(app)
    verb.params = [p for p in verb.params if p.name not in _COMPLETION]
    verb.name = name
    return verb


def command() -> typer.Typer:
    """The whole command."""
    app = typer.Typer(
        name="forecourt",
        cls=Verbs,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_forecourt)
    return app


def _forecourt() -> None:
    """API management where each API declares one word, its audience."""
