"""A file is named that does not exist.

Why it matters
    A contract that is not there describes nothing, a guide that is not there helps nobody, and
    without its certificate a listener cannot start.

Bad
    # apis/refunds/api.yaml
    versions: {"1": {contract: v1.openapi.yml}}      # the file is v1.openapi.yaml

Good
    # apis/refunds/api.yaml
    versions: {"1": {contract: v1.openapi.yaml}}

    Certificates and keys are not looked for under `--local`: a local authority signs them there.

When to waive
    Never: write the file, or remove its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname

from forecourt.diagnostics import Severity, Span
from forecourt.estate.api import Api
from forecourt.governance.key_files import key_files
from forecourt.governance.nearest import did_you_mean
from forecourt.governance.places import contract_place
from forecourt.governance.rule import Facts, Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each name of a file that does not exist."""
    facts = subject.facts
    for api in subject.estate.apis.values():
        for path, span in _of_api(api):
            yield from _missing(path, span, facts, api.name)
    if not facts.is_local:
        for named in key_files(subject.estate):
            yield from _missing(named.path, named.span, facts, None)


def _missing(path: str, span: Span, facts: Facts, api: str | None) -> Iterator[Finding]:
    if path in facts.files:
        return
    yield Finding(
        message=f"`{path}` does not exist",
        span=span,
        help=did_you_mean(
            basename(path), _beside(path, facts), "write that file, or correct its name"
        ),
        api=api,
    )


def _beside(path: str, facts: Facts) -> Iterator[str]:
    """The names of the files where it should be, those left out that have a meaning already."""
    folder = dirname(path)
    for other in facts.files:
        if dirname(other) == folder and basename(other) != "api.yaml":
            yield basename(other)


def _of_api(api: Api) -> Iterator[tuple[str, Span]]:
    for version in api.versions:
        if version.contract is not None:
            yield version.contract, contract_place(api, version)
        if version.guide_file is not None:
            yield version.guide_file, api.places[f"versions.{version.name}.guide"]
        for i, overlay in enumerate(version.overlays[len(api.overlays) :]):
            yield overlay, api.places[f"versions.{version.name}.overlays.{i}"]
    for i, overlay in enumerate(api.overlays):
        yield overlay, api.places[f"overlays.{i}"]


RULE = Rule(
    code="FC406",
    name="file-not-found",
    summary="a file is named that does not exist",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
