"""A report is readable, dated and signed."""

from __future__ import annotations

import json
from datetime import timedelta, timezone

from forecourt.actions.exposure_report import ExposureReport, document, is_signed, signature
from forecourt.actions.signing_key import generate_signing_key
from forecourt.edge.exposure.guarded import Opening
from forecourt.edge.exposure.probing import Probed
from forecourt.edge.exposure.proof import Proof
from tests.actions.builders import NOW

KEY = generate_signing_key()


def a_report(*proven: str, asked: tuple[str, ...] | None = ()) -> ExposureReport:
    def openings(said: tuple[str, ...]) -> tuple[Opening, ...]:
        return tuple(Opening(place=place, because="it is open") for place in said)

    return ExposureReport(
        at=NOW.astimezone(timezone(timedelta(hours=5))),
        organization="Acme",
        revision=7,
        snapshot="ab",
        proof=Proof(
            chains=1, routes=5, openings=openings(proven), narrower=(), outside=(), inside=()
        ),
        probed=None
        if asked is None
        else Probed(
            targets=1, requests=9, unjudged=2, left_out=0, unread=(), openings=openings(asked)
        ),
        unprobed="it was not asked to" if asked is None else "",
        address="127.0.0.1:8443",
    )


def test_says_when_what_was_looked_at_and_what_is_open() -> None:
    report = a_report("routes", asked=("/users",))
    written = json.loads(document(report))
    assert written["at"] == "2026-03-01T12:30:15+00:00"
    assert (written["revision"], written["snapshot"], written["openings"]) == (7, "ab", 2)
    assert written["proof"]["openings"] == [{"place": "routes", "because": "it is open"}]
    assert written["probe"]["requests_unjudged"] == 2


def test_says_why_nobody_was_asked() -> None:
    written = json.loads(document(a_report(asked=None)))
    assert written["probe"] is None
    assert written["not_probed_because"] == "it was not asked to"


def test_a_signature_is_for_this_document_and_this_key() -> None:
    content = document(a_report())
    signed = signature(content, KEY)
    assert is_signed(content, signed, KEY.jwks())
    assert not is_signed(content + b" ", signed, KEY.jwks())
    assert not is_signed(content, signed, generate_signing_key().jwks())


def test_what_is_no_signature_signs_nothing() -> None:
    content = document(a_report())
    head, _, tail = signature(content, KEY).strip().split(".")
    for signed in ("", "a.b", f"{head}.x.{tail}", f"{head}..", "..", f"{tail}..{head}"):
        assert not is_signed(content, signed, KEY.jwks()), signed
