"""A version has no service that speaks it.

Why it matters
    `upstream.version` says which version the service speaks. Requests to another version would have
    to be translated, which this release does not do; passed on as they are, they would be
    misunderstood, at worst as something else that is valid.

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
    Never. If the service speaks every version that is declared, remove `upstream.version`.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each version that the API's service does not speak, and no other serves."""
    for api in subject.estate.apis.values():
        spoken = api.upstream.version
        for version in api.versions:
            if spoken is not None and version.upstream is None and version.name != spoken:
                yield Finding(
                    message=f"version `{version.name}` has no upstream: "
                    f"`{api.places['upstream.version']}` says that the service speaks version "
                    f"`{spoken}` only",
                    span=api.places[f"versions.{version.name}"],
                    help="give this version an `upstream: {url: …}` of its own, or remove "
                    "`upstream.version` if the service speaks both",
                    api=api.name,
                    version=version.name,
                )


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
