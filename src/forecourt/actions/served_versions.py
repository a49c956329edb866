"""What was published last, as rules need to know it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from forecourt.actions.parts import API, Parts, api_of
from forecourt.compiler.ir.apis import Api
from forecourt.estate.audience import Audience
from forecourt.estate.posture import POSTURES
from forecourt.governance.rule import ServedVersion

# Of a draft or a preview nobody was promised that it stays.
_PROMISED = frozenset({"current", "deprecated"})


def served_versions(parts: Parts) -> Mapping[str, tuple[ServedVersion, ...]]:
    """The versions that callers count on, by API."""
    apis = (api_of(text, part) for part, text in sorted(parts.items()) if part.startswith(API))
    return {api.name: _of(api) for api in apis if _is_promised(api.audience)}


def _of(api: Api) -> tuple[ServedVersion, ...]:
    return tuple(
        ServedVersion(name=v.name, sunset=v.sunset, prefix=v.prefix)
        for v in api.versions
        if v.status in _PROMISED
    )


def served_by(policies: Iterable[Mapping[str, Any]]) -> Mapping[str, tuple[ServedVersion, ...]]:
    """The same, by the policies of an edge's routes (`compiler.envoy.policy`)."""
    found: dict[str, tuple[ServedVersion, ...]] = {}
    for policy in policies:
        if not _is_promised(Audience(policy["audience"])):
            continue
        found[policy["api"]] = (
            *found.get(policy["api"], ()),
            *(
                ServedVersion(name=v["name"], sunset=_day(v.get("sunset")), prefix=policy["prefix"])
                for v in policy["versions"]
                if v["status"] in _PROMISED
            ),
        )
    return found


def _is_promised(audience: Audience) -> bool:
    """Whether the end of a version takes time, so that callers can count on it."""
    return POSTURES[audience].deprecation > 0


def _day(seconds: float | None) -> date | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).date()
