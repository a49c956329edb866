"""Changes of the parameters and bodies of requests."""

from __future__ import annotations

from functools import partial

from forecourt.contract.comparison.kind import Kind, judged_kind
from forecourt.contract.comparison.kinds.facets import NOTHING_TO_DO
from forecourt.contract.comparison.kinds.postures import BREAKS_WHERE_UNKNOWN_IS_REFUSED
from forecourt.contract.comparison.verdict import Verdict
from forecourt.contract.one_sided import Direction

_kind = partial(judged_kind, Direction.REQUEST)

_REFUSED = (Verdict.BREAKING, "requests that were accepted are refused")
_TAKEN = (Verdict.SAFE, "requests that were accepted still are")
_OPTIONAL = "let it be optional, with what its absence means as `default`"
_KEEP = "accept the old form beside the new one, or begin a new version"

KINDS = (
    _kind(
        "parameter-added",
        "requests may have one more parameter",
        _TAKEN,
        NOTHING_TO_DO,
        "parameter-removed",
    ),
    _kind(
        "required-parameter-added",
        "requests must have one more parameter",
        _REFUSED,
        _OPTIONAL,
        "parameter-removed",
    ),
    Kind(
        id="parameter-removed",
        direction=Direction.REQUEST,
        summary="a parameter is gone",
        verdict=Verdict.RISKY,
        because="it means nothing any more",
        remedy="deprecate it first, say in `x-sunset` when it goes, and let that day pass",
        reverse="parameter-added",
        exceptional=BREAKS_WHERE_UNKNOWN_IS_REFUSED,
    ),
    _kind(
        "header-parameter-removed",
        "a header field or a cookie is no parameter any more",
        (Verdict.RISKY, "it is let through, and means nothing any more"),
        "deprecate it first, say in `x-sunset` when it goes, and let that day pass",
        "parameter-added",
    ),
    _kind(
        "parameter-removed-early",
        "a parameter is gone before the day that its `x-sunset` says",
        (Verdict.BREAKING, "callers were promised the time until then"),
        "keep it until that day",
        "parameter-added",
    ),
    _kind(
        "parameter-removed-after-sunset",
        "a parameter is gone, after the day that its `x-sunset` says",
        (Verdict.SAFE, "everybody was told when it would go"),
        NOTHING_TO_DO,
        "parameter-added",
    ),
    _kind(
        "parameter-moved",
        "a parameter stands elsewhere in requests",
        _REFUSED,
        _KEEP,
        "parameter-moved",
    ),
    _kind(
        "parameter-became-required",
        "a parameter must be there",
        _REFUSED,
        _OPTIONAL,
        "parameter-became-optional",
    ),
    _kind(
        "parameter-became-optional",
        "a parameter may be missing",
        _TAKEN,
        NOTHING_TO_DO,
        "parameter-became-required",
    ),
    _kind(
        "parameter-restyled",
        "a parameter is written in another way",
        _REFUSED,
        _KEEP,
        "parameter-restyled",
    ),
    _kind(
        "path-parameter-renamed",
        "a parameter of the path has another name",
        (Verdict.SAFE, "no request holds the name"),
        NOTHING_TO_DO,
        "path-parameter-renamed",
    ),
    _kind(
        "reserved-characters-refused",
        "a parameter no longer takes reserved characters as they are",
        _REFUSED,
        _KEEP,
        "reserved-characters-allowed",
    ),
    _kind(
        "reserved-characters-allowed",
        "a parameter takes reserved characters as they are",
        _TAKEN,
        NOTHING_TO_DO,
        "reserved-characters-refused",
    ),
    _kind(
        "empty-value-refused",
        "a parameter of the query may be empty no longer, whatever its schema says",
        _REFUSED,
        _KEEP,
        "empty-value-allowed",
    ),
    _kind(
        "empty-value-allowed",
        "a parameter of the query may be empty, whatever its schema says",
        _TAKEN,
        NOTHING_TO_DO,
        "empty-value-refused",
    ),
    _kind(
        "body-added",
        "requests may have a body",
        _TAKEN,
        NOTHING_TO_DO,
        "body-removed",
    ),
    _kind(
        "required-body-added",
        "requests must have a body",
        _REFUSED,
        "let it be optional",
        "body-removed",
    ),
    _kind(
        "body-removed",
        "requests have no body any more",
        (Verdict.BREAKING, "what is sent in one is refused, or means nothing"),
        "go on to accept it in this version",
        "body-added",
    ),
    _kind(
        "body-became-required",
        "requests must have a body",
        _REFUSED,
        "let it be optional",
        "body-became-optional",
    ),
    _kind(
        "body-became-optional",
        "requests may come without a body",
        _TAKEN,
        NOTHING_TO_DO,
        "body-became-required",
    ),
    _kind(
        "request-media-type-added",
        "a body of a request may be of one more media type",
        _TAKEN,
        NOTHING_TO_DO,
        "request-media-type-removed",
    ),
    _kind(
        "request-media-type-removed",
        "a body of a request may not be of a media type any more",
        _REFUSED,
        _KEEP,
        "request-media-type-added",
    ),
    _kind(
        "request-encoding-changed",
        "a part of a form is written in another way",
        _REFUSED,
        _KEEP,
        "request-encoding-changed",
    ),
)
