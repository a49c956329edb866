"""Names of APIs and versions as a person types them, against what is published."""

from __future__ import annotations

from forecourt.actions.parts import API, api_of, api_part
from forecourt.bootstrap import World
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.render import printable
from forecourt.governance.nearest import did_you_mean


async def refuse_unknown(world: World, name: str, version: str | None) -> None:
    """Ends with a word about what was meant, where no such API or version is published."""
    revisions = world.store.revisions
    newest = await revisions.newest()
    parts = {} if newest is None else await revisions.parts(newest.number)
    part = api_part(name)
    if part not in parts:
        names = sorted(p.removeprefix(API) for p in parts if p.startswith(API))
        hint = did_you_mean(name, tuple(names), "see `forecourt revisions`")
        refuse(f"no API `{printable(name)}` is published; {hint}", ExitCode.USAGE)
    versions = tuple(v.name for v in api_of(parts[part], part).versions)
    if version is not None and version not in versions:
        hint = did_you_mean(version, versions, "leave the version out")
        refuse(f"`{name}` has no version `{printable(version)}`; {hint}", ExitCode.USAGE)
