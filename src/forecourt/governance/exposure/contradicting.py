"""What contracts say against themselves, for the audiences that their APIs have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from forecourt.contract.model import Contradiction
from forecourt.diagnostics import Span
from forecourt.estate.audience import sees
from forecourt.governance.rule import Finding, Subject


def contradicting(
    subject: Subject, kind: Literal["requires", "answers"], way_out: str
) -> Iterator[Finding]:
    """A finding for each contradiction of a kind, of the widest audience that meets it."""
    for api in subject.estate.apis.values():
        for version in api.versions:
            facts = subject.facts.contracts.get(version.document or "")
            widest: dict[Span, Contradiction] = {}
            for each in facts.contradictions if facts is not None else ():
                if each.kind == kind and sees(each.audience, api.audience):
                    known = widest.setdefault(each.span, each)
                    if each.audience > known.audience:
                        widest[each.span] = each
            for each in widest.values():
                yield Finding(
                    message=each.message,
                    span=each.span,
                    help=way_out,
                    api=api.name,
                    version=version.name,
                )
