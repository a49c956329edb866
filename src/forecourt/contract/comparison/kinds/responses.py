"""Changes of what is answered, beside what its schemas say."""

from __future__ import annotations

from functools import partial

from forecourt.contract.comparison.kind import judged_kind
from forecourt.contract.comparison.kinds.facets import NOTHING_TO_DO
from forecourt.contract.comparison.verdict import Verdict
from forecourt.contract.one_sided import Direction

_kind = partial(judged_kind, Direction.RESPONSE)

# RFC 9110, section 15: who does not know a status treats it as the first of its class.
_CLASS = "a status that a caller does not know is to be treated as the first of its class"

KINDS = (
    _kind(
        "callback-added",
        "callers may be called back, or called by a webhook, with one more request",
        (Verdict.SAFE, "whoever does not know it answers with an error, and loses nothing"),
        NOTHING_TO_DO,
        "callback-removed",
    ),
    _kind(
        "callback-removed",
        "a callback or webhook is not sent any more",
        (Verdict.BREAKING, "callers wait for it"),
        "go on to send it in this version",
        "callback-added",
    ),
    _kind(
        "success-added",
        "an operation may succeed with one more status",
        (Verdict.RISKY, f"{_CLASS}, and its body may be another"),
        "answer the new status in a new version, or where callers ask for it",
        "success-removed",
    ),
    _kind(
        "success-removed",
        "an operation does not succeed with a status any more",
        (Verdict.BREAKING, "callers wait for it"),
        "go on to answer it in this version",
        "success-added",
    ),
    _kind(
        "failure-added",
        "an operation may fail with one more status",
        (Verdict.SAFE, _CLASS),
        NOTHING_TO_DO,
        "failure-removed",
    ),
    _kind(
        "failure-removed",
        "an operation does not fail with a status any more",
        (Verdict.SAFE, "callers meet nothing that they were not told of"),
        NOTHING_TO_DO,
        "failure-added",
    ),
    _kind(
        "response-media-type-added",
        "an answer may be of one more media type",
        (Verdict.SAFE, "who asks for another gets that"),
        NOTHING_TO_DO,
        "response-media-type-removed",
    ),
    _kind(
        "response-media-type-removed",
        "an answer is not of a media type any more",
        (Verdict.BREAKING, "who asks for it gets another, or 406"),
        "go on to answer it in this version",
        "response-media-type-added",
    ),
    _kind(
        "response-media-type-narrowed",
        "an answer is of one media type out of a range",
        (Verdict.SAFE, "callers meet nothing that they were not told of"),
        NOTHING_TO_DO,
        "response-media-type-widened",
    ),
    _kind(
        "response-media-type-widened",
        "an answer is of any media type of a range",
        (Verdict.BREAKING, "callers may meet one that they cannot read"),
        "name each media type, and answer the old one to who asks for it",
        "response-media-type-narrowed",
    ),
    _kind(
        "response-body-removed",
        "an answer has no body any more",
        (Verdict.BREAKING, "who reads it finds nothing"),
        "go on to answer it in this version",
        "response-body-added",
    ),
    _kind(
        "response-body-added",
        "an answer has a body now",
        (Verdict.SAFE, "who expects none need not read it"),
        NOTHING_TO_DO,
        "response-body-removed",
    ),
    _kind(
        "response-header-added",
        "an answer may have one more header field",
        (Verdict.SAFE, "callers pass over what they do not know"),
        NOTHING_TO_DO,
        "response-header-removed",
    ),
    _kind(
        "response-header-removed",
        "an optional header field of an answer is gone",
        (Verdict.RISKY, "callers had to expect its absence, and never see it again"),
        "go on to answer it in this version",
        "response-header-added",
    ),
    _kind(
        "required-response-header-removed",
        "a required header field of an answer is gone",
        (Verdict.BREAKING, "callers rely on it"),
        "go on to answer it in this version",
        "response-header-added",
    ),
    _kind(
        "response-header-became-optional",
        "a header field of an answer may be missing",
        (Verdict.BREAKING, "callers rely on it"),
        "go on to answer it always",
        "response-header-became-required",
    ),
    _kind(
        "response-header-became-required",
        "a header field of an answer is always there",
        (Verdict.SAFE, "callers meet nothing that they were not told of"),
        NOTHING_TO_DO,
        "response-header-became-optional",
    ),
)
