"""A contract lies outside the folder of its API.

Why it matters
    Publishing is per API: a mistake in a file keeps back the API in whose folder it lies, and the
    others move. With its contract elsewhere, an API would move on although something is wrong with
    it, such as a mark that nothing enforces yet.

Bad
    # apis/refunds/api.yaml
    versions: {"1": {contract: ../payments/v1.openapi.yaml}}

Good
    # apis/refunds/api.yaml
    versions: {"1": {contract: v1.openapi.yaml}}

When to waive
    Never: copy the document. Two APIs with one contract drift apart sooner or later.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.places import contract_place
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each contract that lies elsewhere."""
    for api in subject.estate.apis.values():
        for version in api.versions:
            if version.contract is not None and not version.contract.startswith(f"{api.folder}/"):
                yield Finding(
                    message=f"`{version.contract}` lies outside `{api.folder}`",
                    span=contract_place(api, version),
                    help=f"copy it into `{api.folder}`, so that a mistake in it keeps back "
                    f"`{api.name}`",
                    api=api.name,
                    version=version.name,
                )


RULE = Rule(
    code="FC210",
    name="contract-elsewhere",
    summary="a contract lies outside the folder of its API",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
