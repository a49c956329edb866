"""Names of APIs and versions as a person types them, against what is published."""

from __future__ import annotations

from forecourt.actions.parts import API, api_of, api_part, effective
from forecourt.bootstrap import World
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.render import printable
from forecourt.estate.audience import Audience, sees
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


async def public_apis(world: World) -> tuple[str, ...]:
    """The APIs that developers see, by what is published and what was narrowed since."""
    newest = await world.store.revisions.newest()
    parts = {} if newest is None else await world.store.revisions.parts(newest.number)
    standing = {n.api: n.audience for n in await world.store.narrowings.standing()}
    apis = (effective(api_of(t, p), standing) for p, t in parts.items() if p.startswith(API))
    return tuple(sorted(api.name for api in apis if sees(Audience.PUBLIC, api.audience)))
