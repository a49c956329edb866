"""Whose an application is, and on which plan, on the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from forecourt.actions.credential import Owner, OwnerKind
from forecourt.bootstrap import World
from forecourt.cli.exit_codes import ExitCode, refuse

Developer = Annotated[
    str | None, typer.Option(metavar="NAME", help="The developer whose application it is.")
]
Partner = Annotated[
    str | None, typer.Option(metavar="NAME", help="The partner whose application it is.")
]
Plan = Annotated[
    str | None,
    typer.Option(metavar="PLAN", help="A developer's plan; else the standard limit."),
]


def owner_of(developer: str | None, partner: str | None) -> Owner | None:
    """Whoever was named; None: nobody was."""
    if developer is not None and partner is not None:
        refuse(
            "an application has one owner; leave `--developer` or `--partner` out", ExitCode.USAGE
        )
    if developer is not None:
        return Owner(kind=OwnerKind.DEVELOPER, name=developer)
    if partner is not None:
        return Owner(kind=OwnerKind.PARTNER, name=partner)
    return None


def needed_owner(developer: str | None, partner: str | None) -> Owner:
    """The same; nobody is a mistake."""
    owner = owner_of(developer, partner)
    if owner is None:
        refuse(
            "nobody owns the application; add `--developer NAME` or `--partner NAME`",
            ExitCode.USAGE,
        )
    return owner


async def by_id(owner: Owner | None, world: World) -> Owner | None:
    """A partner by the id in its contract, where it was named by its file."""
    if owner is None or owner.kind is not OwnerKind.PARTNER:
        return owner
    callers = await world.store.revisions.published_callers()
    ids = {p.name: p.id for p in callers.partners}
    return Owner(kind=owner.kind, name=ids.get(owner.name, owner.name))
