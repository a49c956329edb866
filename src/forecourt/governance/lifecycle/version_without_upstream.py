"""A version has no service that speaks it.

Why it matters
    `upstream.version` says which version the service speaks. Requests to another version have to be
    translated, which the changes between the two say how to do; passed on as they are, they would
    be misunderstood, at worst as something else that is valid.

Bad
    # apis/refunds/api.yaml
    upstream: {url: http://refunds.shop.svc:8080, version: "2"}
    versions:
      "2": {contract: v2.openapi.yaml}
      "1": {contract: v1.openapi.yaml}

Good
    # apis/refunds/api.yaml
    upstream: {url: http://refunds.shop.svc:8080, version: "2"}
    versions:
      "2": {contract: v2.openapi.yaml}
      "1": {contract: v1.openapi.yaml, upstream: {url: http://refunds-v1.shop.svc:8080}}

When to waive
    Never. If the service speaks every version that is declared, remove `upstream.version`. If it
    does not, and no other does, `changes/2.yaml` says what is different, lens by lens.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.estate.api import Api
from forecourt.estate.changes import Changes, in_order, way_between
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each version that no service speaks, and none can be made to."""
    for api in subject.estate.apis.values():
        for version in api.versions:
            upstream, key = api.upstream, "upstream"
            if version.upstream is not None:
                upstream, key = version.upstream, f"versions.{version.name}.upstream"
            spoken = upstream.version
            if spoken is None or way_between(api.changes, version.name, spoken) is not None:
                continue
            yield Finding(
                message=f"version `{version.name}` has no upstream: "
                f"`{api.places[f'{key}.version']}` says that the service speaks version "
                f"`{spoken}` only{_gap(api.changes, version.name)}",
                span=api.places[f"versions.{version.name}"],
                help="give this version an `upstream: {url: …}` of its own, or say in "
                f"`changes/{_next(api, version.name)}.yaml` how it becomes the next; or remove "
                f"`{key}.version` if the service speaks both",
                api=api.name,
                version=version.name,
            )


def _gap(changes: tuple[Changes, ...], name: str) -> str:
    """Where changes lead that do not lead far enough."""
    reached = _reached(changes, name)
    return f", and changes lead to `{reached}`, not further" if reached != name else ""


def _reached(changes: tuple[Changes, ...], name: str) -> str:
    by_older = {each.follows: each.version for each in changes}
    while name in by_older:
        name = by_older.pop(name)
    return name


def _next(api: Api, name: str) -> str:
    """The version after the last that changes lead to."""
    reached = _reached(api.changes, name)
    after = in_order(v.name for v in api.versions)
    place = after.index(reached) + 1
    return after[place] if place < len(after) else "VERSION"


RULE = Rule(
    code="FC307",
    name="version-without-upstream",
    summary="a version has no service that speaks it",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
