"""Changes of how often an operation may be asked for."""

from __future__ import annotations

from functools import partial

from forecourt.contract.comparison.kind import judged_kind
from forecourt.contract.comparison.kinds.facets import NOTHING_TO_DO
from forecourt.contract.comparison.verdict import Verdict
from forecourt.contract.one_sided import Direction

_kind = partial(judged_kind, Direction.REQUEST)

LOWERED, RAISED = "rate-limit-lowered", "rate-limit-raised"

KINDS = (
    _kind(
        LOWERED,
        "each caller may ask for an operation less often, by a first `x-rate-limit` or a lower one",
        (Verdict.BREAKING, "calls are refused with 429 that were let through"),
        "keep the limit in this version, or limit a new one",
        RAISED,
    ),
    _kind(
        RAISED,
        "each caller may ask for an operation more often, or as often as its own limit allows",
        (Verdict.SAFE, "what was let through still is"),
        NOTHING_TO_DO,
        LOWERED,
    ),
)
