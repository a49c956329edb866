"""What schemathesis is told: which answers are undeclared, and to count who answered.

It runs in an environment of its own (`make conformance`), so nothing of ours is imported here.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import schemathesis
from schemathesis.specs.openapi import checks

_PROBLEM = "urn:forecourt:problem:"
_OURS = "problem "

_counted: Counter[str] = Counter()


@schemathesis.check
def declared(ctx: object, response: object, case: object) -> None:
    """An answer of the mock is as the contract declares; what else there is, the edge refused.

    The edge's own problems are declared once for all APIs, in the documentation.
    """
    who = _who_answered(response)
    _counted[who] += 1
    Path(os.environ["FORECOURT_COUNTED"]).write_text(json.dumps(_counted))
    if who.startswith(_OURS):
        return
    assert who == "mock", "neither the mock nor the edge answered"
    for check in (
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
    ):
        check(ctx, response, case)


def _who_answered(response: object) -> str:
    if "x-forecourt-mock" in response.headers and "x-forecourt-problem" not in response.headers:
        return "mock"
    if response.headers.get("content-type", [""])[0] != "application/problem+json":
        return "nobody"
    kind = str(response.json().get("type", ""))
    return _OURS + kind.removeprefix(_PROBLEM) if kind.startswith(_PROBLEM) else "nobody"
