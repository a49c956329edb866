"""Write the guide from one version of an API to another."""

from __future__ import annotations

from forecourt.actions.derive_changes import of_api
from forecourt.actions.lensed_calls import calls
from forecourt.actions.migration_guide import Guide, NoGuide
from forecourt.actions.seen_changes import as_seen
from forecourt.estate.audience import Audience, sees
from forecourt.estate.changes import way_between
from forecourt.estate.model import Estate
from forecourt.governance.nearest import did_you_mean
from forecourt.source.estate import Files


def migrate_api(
    files: Files,
    estate: Estate,
    name: str,
    older: str,
    newer: str,
    audience: Audience | None,
) -> Guide | NoGuide:
    """The guide as callers of an audience read it; without one, those of the API."""
    api = estate.apis.get(name)
    if api is None:
        way_out = did_you_mean(name, estate.apis, "name an API of this estate")
        return NoGuide(because=f"there is no API `{name}`; {way_out}")
    known = [version.name for version in api.versions if version.name]
    if not known:
        return NoGuide(because=f"`{name}` has no versions, so nothing leads from one to another")
    for version in (older, newer):
        if version not in known:
            way_out = did_you_mean(version, known, f"name one of {', '.join(known)}")
            return NoGuide(because=f"`{name}` has no version `{version}`; {way_out}")
    caller = api.audience if audience is None else audience
    if not sees(caller, api.audience):
        return NoGuide(
            because=f"{caller.value} callers see nothing of `{name}`, which is "
            f"{api.audience.value}; name a narrower `--audience`"
        )
    way = way_between(api.changes, older, newer)
    if not way:
        way_out = f"write `changes/{newer}.yaml`"
        if older == newer or way_between(api.changes, newer, older):
            way_out = "name the older version first"
        because = f"no changes lead from version `{older}` to `{newer}` of `{name}`"
        return NoGuide(because=f"{because}; {way_out}")
    seen = tuple(as_seen(each, caller) for each in of_api(files.get, api) if each.changes in way)
    if len(seen) < len(way) or any(each.is_mistaken for each in seen):
        return NoGuide(
            because=f"the changes of `{name}` have mistakes; `forecourt check` lists them",
            is_mistaken=True,
        )
    return Guide(
        api=api,
        older=older,
        newer=newer,
        audience=caller,
        steps=tuple(each.step() for each in seen),
        calls=tuple(calls(api, seen)),
    )
