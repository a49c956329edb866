"""Two APIs, or two versions of one, claim the same paths.

Why it matters
    The edge finds the API and the version of a request by its path. Where two claim the same one,
    which of them answers would be chance, and a caller of the wider one could reach the narrower.

Bad
    # apis/payments/api.yaml
    path: /
    versioning: {scheme: path}
    versions: {"1": {contract: v1.openapi.yaml}}

    # apis/refunds/api.yaml
    path: /
    versioning: {scheme: path}
    versions: {"1": {contract: v1.openapi.yaml}}      # both claim /v1/

Good
    # apis/refunds/api.yaml
    path: /refunds                                    # claims /refunds/v1/
    versioning: {scheme: path}
    versions: {"1": {contract: v1.openapi.yaml}}

When to waive
    Never: no waiver can say which of the two should answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from forecourt.diagnostics import Severity, Span
from forecourt.estate.api import Api, Scheme
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each claimant of a path that is claimed more than once."""
    claims: dict[str, list[tuple[str, Span]]] = defaultdict(list)
    for api in subject.estate.apis.values():
        for prefix, claimant, span in _claims(api):
            claims[prefix].append((claimant, span))
    for prefix, claimants in claims.items():
        for i, (claimant, span) in enumerate(claimants):
            others = [other for j, (other, _) in enumerate(claimants) if j != i]
            if others:
                yield Finding(
                    message=f"{claimant} claims `{prefix}`, and so does {' and '.join(others)}",
                    span=span,
                    help="give one of them another `path`, such as `path: /<name of the API>`",
                )


def _claims(api: Api) -> Iterator[tuple[str, str, Span]]:
    """What an API claims: a path, who claims it in words, and where that is written."""
    if api.scheme != Scheme.PATH:
        yield api.path, f"`{api.name}`", api.places["path"]
        return
    for version in api.versions:
        place = f"versions.{version.name}"
        claimant = f"version `{version.name}` of `{api.name}`"
        yield api.prefix_of(version.name), claimant, api.places[place]


RULE = Rule(
    code="FC201",
    name="path-overlap",
    summary="two APIs or versions claim the same paths",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
