"""Changes of what a caller must present."""

from __future__ import annotations

from functools import partial

from forecourt.contract.comparison.kind import judged_kind
from forecourt.contract.comparison.kinds.facets import NOTHING_TO_DO
from forecourt.contract.comparison.verdict import Verdict
from forecourt.contract.one_sided import Direction

_kind = partial(judged_kind, Direction.REQUEST)

_REFUSED = (Verdict.BREAKING, "callers who present what was enough are refused")
_ENOUGH = (Verdict.SAFE, "what was enough still is")
_ACCEPT = "go on to accept what was enough, as an alternative, in this version"

KINDS = (
    _kind(
        "security-added",
        "credentials are asked for where none were",
        _REFUSED,
        _ACCEPT,
        "security-removed",
    ),
    _kind(
        "security-removed",
        "no credentials are asked for any more",
        _ENOUGH,
        NOTHING_TO_DO,
        "security-added",
    ),
    _kind(
        "security-alternative-added",
        "other credentials are enough, too",
        _ENOUGH,
        NOTHING_TO_DO,
        "security-alternative-removed",
    ),
    _kind(
        "security-alternative-removed",
        "credentials that were enough are not any more",
        _REFUSED,
        _ACCEPT,
        "security-alternative-added",
    ),
    _kind(
        "scope-added",
        "one more scope is needed",
        _REFUSED,
        "grant the scope to everybody who calls the operation first, or ask for it in a new "
        "version",
        "scope-removed",
    ),
    _kind(
        "scope-removed",
        "a scope is no longer needed",
        _ENOUGH,
        NOTHING_TO_DO,
        "scope-added",
    ),
    _kind(
        "security-scheme-changed",
        "credentials of that name are others now, or stand elsewhere",
        _REFUSED,
        _ACCEPT,
        "security-scheme-changed",
    ),
    _kind(
        "security-address-changed",
        "tokens are got at another address",
        (Verdict.RISKY, "tokens that are got at the old address may not be accepted"),
        "let the old address answer until a new version",
        "security-address-changed",
    ),
    _kind(
        "offered-scope-removed",
        "a security scheme no longer offers a scope",
        (Verdict.RISKY, "who asks for it, with others, may get no token"),
        "go on to grant it, if to no use",
        "offered-scope-added",
    ),
    _kind(
        "offered-scope-added",
        "a security scheme offers one more scope",
        (Verdict.SAFE, "nobody needs to ask for it"),
        NOTHING_TO_DO,
        "offered-scope-removed",
    ),
)
