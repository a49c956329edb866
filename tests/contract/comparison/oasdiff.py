"""The checks of oasdiff, and what of ours stands for each: kinds, or why there is none."""

from __future__ import annotations

import re

from forecourt.contract.comparison.catalogue import BY_ID

# --- why there is none ----------------------------------------------------------------------------

_STABILITY = "a contract has no levels of stability; the versions of an API have states"
_COMPONENTS = "callers meet what operations use, and there it is compared"
_SAME = "nothing is told of what means the same"
_CONTENT = "the parts of `allOf` are compared as one schema: what a part demands is told as such"
_SUNSET_OF_VALUES = "a value has no end of its own; what is removed is told when it is"
_OTHER_SIDE = "nobody sends what is `readOnly`, or is answered what is `writeOnly`"
_BOTH_WAYS = "this way nothing changes: the property goes as it did"
_VERSION = "`info.version` is a text; an API's versions are those that the estate names"
_POSITIONS = "a place of a list is compared with what it was under `items`"
_SCHEMA_OF_TEXT = "the schema of what a text holds is compared like any other, with any value"

_WITHOUT: dict[str, str] = {
    "api-schema-removed": _COMPONENTS,
    "api-security-component-added": _COMPONENTS,
    "api-security-component-removed": _COMPONENTS,
    "api-security-component-oauth-scope-changed": "what is said of a scope is documentation",
    "api-version-not-bumped": _VERSION,
    "api-version-decreased": _VERSION,
    "api-major-version-not-bumped": _VERSION,
    "api-invalid-stability-level": _STABILITY,
    "api-stability-decreased": _STABILITY,
    "api-stability-increased": _STABILITY,
    "api-deprecated-sunset-missing": "a date may follow; only what ends too soon harms",
    "request-parameter-deprecated-sunset-missing": "a date may follow",
}
_WITHOUT_PATTERNS: tuple[tuple[str, str], ...] = (
    (r".*-stability-(decreased|increased)", _STABILITY),
    (r".*-all-of-(added|removed)(-annotation-only)?", _CONTENT),
    (r".*-type-compatible", _SAME),
    (r".*-property-(deprecated-)?sunset-.*", _SUNSET_OF_VALUES),
    (r"request-read-only-property-.*", _OTHER_SIDE),
    (r"response(-.*)?-write-only-property-.*", _OTHER_SIDE),
    (r"request-(optional|required)-property-became-(not-)?write-only", _BOTH_WAYS),
    (r"response-(optional|required)-property-became-(not-)?read-only", _BOTH_WAYS),
    (r".*-prefix-items-(added|removed)", _POSITIONS),
    (r".*-content-schema-(added|removed)", _SCHEMA_OF_TEXT),
)

# --- what stands for it ---------------------------------------------------------------------------

_ENDS = ("operation-removed-undated", "operation-removed-after-sunset")
_WHOLE: dict[str, tuple[str, ...]] = {
    "endpoint-added": ("operation-added",),
    "webhook-added": ("callback-added",),
    "webhook-removed": ("callback-removed",),
    "endpoint-deprecated": ("deprecated",),
    "endpoint-deprecated-with-sunset": ("deprecated",),
    "endpoint-reactivated": ("reactivated",),
    "api-deprecated-sunset-parse": ("sunset-unreadable",),
    "api-path-sunset-parse": ("sunset-unreadable", "sunset-announced"),
    "api-sunset-date-too-small": ("sunset-too-soon",),
    "api-sunset-date-changed-too-small": ("sunset-too-soon", "sunset-earlier"),
    "sunset-deleted": ("sunset-withdrawn",),
    "api-operation-id-removed": ("operation-id-changed",),
    "api-operation-id-added": ("operation-id-changed",),
    "api-tag-added": ("tags-changed",),
    "api-tag-removed": ("tags-changed",),
    "api-removed-without-deprecation": ("operation-removed",),
    "api-path-removed-without-deprecation": ("operation-removed",),
    "api-removed-with-deprecation": _ENDS,
    "api-path-removed-with-deprecation": _ENDS,
    "api-removed-before-sunset": ("operation-removed-early",),
    "api-path-removed-before-sunset": ("operation-removed-early",),
    "api-security-added": ("security-added", "security-alternative-added"),
    "api-security-removed": ("security-removed", "security-alternative-removed"),
    "api-security-scope-added": ("scope-added",),
    "api-security-scope-removed": ("scope-removed",),
    "api-global-security-added": ("security-added", "security-alternative-added"),
    "api-global-security-removed": ("security-removed", "security-alternative-removed"),
    "api-global-security-scope-added": ("scope-added",),
    "api-global-security-scope-removed": ("scope-removed",),
    "api-security-component-type-changed": ("security-scheme-changed",),
    "api-security-component-oauth-url-changed": ("security-address-changed",),
    "api-security-component-oauth-token-url-changed": ("security-address-changed",),
    "api-security-component-oauth-scope-added": ("offered-scope-added",),
    "api-security-component-oauth-scope-removed": ("offered-scope-removed",),
    "new-request-path-parameter": ("required-parameter-added", "request-type-narrowed"),
    "new-required-request-parameter": ("required-parameter-added",),
    "new-optional-request-parameter": ("parameter-added",),
    "new-required-request-default-parameter-to-existing-path": ("required-parameter-added",),
    "new-optional-request-default-parameter-to-existing-path": ("parameter-added",),
    "new-required-request-header-property": ("request-required-property-added",),
    "request-header-property-became-required": ("request-property-became-required",),
    "request-parameter-became-required": ("parameter-became-required",),
    "request-parameter-became-optional": ("parameter-became-optional",),
    "request-parameter-deprecated": ("deprecated",),
    "request-parameter-reactivated": ("reactivated",),
    "request-parameter-removed": (
        "parameter-removed",
        "header-parameter-removed",
        "parameter-moved",
    ),
    "request-parameter-removed-with-deprecation": (
        "parameter-removed",
        "header-parameter-removed",
        "parameter-removed-after-sunset",
    ),
    "request-parameter-removed-before-sunset": ("parameter-removed-early",),
    "request-parameter-sunset-parse": ("sunset-unreadable", "sunset-announced"),
    "request-parameter-sunset-deleted": ("sunset-withdrawn",),
    "request-parameter-sunset-date-too-small": ("sunset-too-soon",),
    "request-parameter-sunset-date-changed-too-small": ("sunset-too-soon", "sunset-earlier"),
    "request-body-added-required": ("required-body-added",),
    "request-body-added-optional": ("body-added",),
    "request-body-removed": ("body-removed",),
    "request-body-became-optional": ("body-became-optional",),
    "request-body-became-required": ("body-became-required",),
    "request-body-media-type-added": ("request-media-type-added",),
    "request-body-media-type-removed": ("request-media-type-removed",),
    "request-body-media-type-schema-added": ("request-type-narrowed",),
    "request-body-media-type-schema-removed": ("request-type-widened",),
    "response-body-media-type-schema-added": ("response-type-narrowed",),
    "response-body-media-type-schema-removed": ("response-type-widened",),
    "new-optional-request-property": ("request-property-added",),
    "new-required-request-property": ("request-required-property-added",),
    "new-required-request-property-with-default": ("request-required-property-added",),
    "request-property-removed": ("request-property-removed", "request-property-refused"),
    "request-property-became-required": ("request-property-became-required",),
    "request-property-became-required-with-default": ("request-property-became-required",),
    "request-property-became-optional": ("request-property-became-optional",),
    "request-optional-property-became-read-only": ("request-became-read-only",),
    "request-required-property-became-read-only": ("request-became-read-only",),
    "request-optional-property-became-not-read-only": ("request-became-writable",),
    "request-required-property-became-not-read-only": (
        "request-became-writable",
        "request-required-property-added",
    ),
    "response-optional-property-added": (
        "response-property-added",
        "response-property-added-to-closed",
    ),
    "response-required-property-added": (
        "response-property-added",
        "response-property-added-to-closed",
    ),
    "response-optional-property-removed": ("response-property-removed",),
    "response-required-property-removed": ("response-required-property-removed",),
    "response-property-became-optional": ("response-property-became-optional",),
    "response-property-became-required": ("response-property-became-required",),
    "response-optional-property-became-write-only": ("response-property-removed",),
    "response-required-property-became-write-only": ("response-became-write-only",),
    "response-optional-property-became-not-write-only": ("response-became-readable",),
    "response-required-property-became-not-write-only": ("response-became-readable",),
    "request-body-wrapped-in-one-of": ("request-alternative-added",),
    "response-body-wrapped-in-one-of": ("response-alternative-added",),
    "response-success-status-added": ("success-added",),
    "response-success-status-removed": ("success-removed",),
    "response-non-success-status-added": ("failure-added",),
    "response-non-success-status-removed": ("failure-removed",),
    "response-media-type-added": ("response-media-type-added", "response-body-added"),
    "response-media-type-removed": ("response-media-type-removed", "response-body-removed"),
    "response-media-type-name-changed": (
        "response-media-type-removed",
        "response-media-type-added",
    ),
    "response-media-type-name-generalized": ("response-media-type-widened",),
    "response-media-type-name-specialized": (
        "response-media-type-narrowed",
        "response-media-type-removed",
    ),
    "response-header-added": ("response-header-added",),
    "required-response-header-removed": ("required-response-header-removed",),
    "optional-response-header-removed": ("response-header-removed",),
    "response-header-became-optional": ("response-header-became-optional",),
    "response-mediatype-enum-value-removed": ("response-enum-value-removed",),
}

_ALTERNATIVE_MORE = ("alternative-added", "alternatives-demanded", "alternatives-rearranged")
_ALTERNATIVE_LESS = ("alternative-removed", "alternatives-dropped", "alternatives-rearranged")
# Of a value, wherever it stands: the end of an id, and our facets.
_OF_VALUES: dict[str, tuple[str, ...]] = {
    "type-generalized": ("type-widened", "format-widened"),
    "type-specialized": ("type-narrowed", "format-narrowed"),
    "type-changed": (
        "type-changed",
        "type-narrowed",
        "type-widened",
        "format-changed",
        "format-narrowed",
        "format-widened",
    ),
    "list-of-types-widened": ("type-widened",),
    "list-of-types-narrowed": ("type-narrowed",),
    "became-nullable": ("null-allowed",),
    "became-not-nullable": ("null-refused",),
    "became-enum": ("enum-added",),
    "enum-value-added": ("enum-value-added",),
    "enum-value-removed": ("enum-value-removed", "enum-removed"),
    "x-extensible-enum-value-removed": ("extensible-value-removed",),
    "const-added": ("enum-added",),
    "const-removed": ("enum-removed",),
    "const-changed": ("enum-value-added", "enum-value-removed"),
    "pattern-added": ("pattern-added",),
    "pattern-removed": ("pattern-removed",),
    "pattern-changed": ("pattern-changed", "pattern-removed"),
    "pattern-generalized": ("pattern-removed",),
    "default-value-added": ("default-added",),
    "default-value-removed": ("default-removed",),
    "default-value-changed": ("default-changed",),
    "deprecated": ("deprecated",),
    "deprecated-with-sunset": ("deprecated",),
    "reactivated": ("reactivated",),
    "any-of-added": _ALTERNATIVE_MORE,
    "any-of-removed": _ALTERNATIVE_LESS,
    "one-of-added": _ALTERNATIVE_MORE,
    "one-of-removed": _ALTERNATIVE_LESS,
    "discriminator-added": ("discriminator-added",),
    "discriminator-removed": ("discriminator-removed",),
    "discriminator-property-name-changed": ("discriminator-changed",),
    "discriminator-mapping-added": ("discriminator-value-added",),
    "discriminator-mapping-deleted": ("discriminator-value-removed",),
    "discriminator-mapping-changed": ("discriminator-value-changed",),
    "contains-added": ("contains-added",),
    "contains-removed": ("contains-removed",),
    "content-media-type-changed": ("content-changed",),
    "content-encoding-changed": ("content-changed",),
    "dependent-required-added": ("dependent-required-added",),
    "dependent-required-removed": ("dependent-required-removed",),
    "dependent-required-changed": ("dependent-required-added", "dependent-required-removed"),
    "dependent-schema-added": ("dependent-schema-added",),
    "dependent-schema-removed": ("dependent-schema-removed",),
    "if-added": ("condition-added",),
    "if-removed": ("condition-removed",),
    "then-added": ("condition-added",),
    "then-removed": ("condition-removed",),
    "else-added": ("condition-added",),
    "else-removed": ("condition-removed",),
    "pattern-property-added": ("pattern-property-added",),
    "pattern-property-removed": ("pattern-property-removed",),
    "property-names-added": ("property-names-added",),
    "property-names-removed": ("property-names-removed",),
    "unevaluated-items-added": ("unevaluated-refused",),
    "unevaluated-items-removed": ("unevaluated-allowed",),
    "unevaluated-properties-added": ("unevaluated-refused",),
    "unevaluated-properties-removed": ("unevaluated-allowed",),
}
_VALUE = re.compile(
    r"(request|response)-(?:body|property|parameter-property|parameter|header-property|header)-(.+)"
)
_LIMIT = re.compile(
    r"(?:exclusive-)?(max|min)(-length|-items|-contains)?-(set|unset|increased|decreased)"
)


# --- where we judge otherwise ---------------------------------------------------------------------

_FIRST = "a first bound refuses requests as a tighter one does"
_DEFAULT = (
    "what a request means that leaves the value out is another thing, wherever the value stands"
)
_DISPATCH = "whoever tells alternatives apart by it is misled"
_NO_DATE = "nothing fails until what is deprecated goes; the verdict of that is another"

DIFFERENT: tuple[tuple[str, str], ...] = (
    (r"api-(global-)?security-scope-added", "who does not hold the scope is refused"),
    (
        r"api-(global-)?security-added",
        "who presents nothing is refused where nothing was asked for",
    ),
    (r"api-(global-)?security-removed", "who presents what is gone is refused"),
    (r"api-security-component-type-changed", "what was presented is not understood any more"),
    (r"api-security-component-oauth-(token-)?url-changed", "tokens of the old address may not do"),
    (r"api-security-component-oauth-scope-removed", "who asks for it may get no token"),
    (r".*-?sunset-(parse|deleted)", _NO_DATE),
    (
        r"api-removed-with-deprecation",
        "a deprecation without a date gives nobody time to plan, where months are owed",
    ),
    (r"request-parameter-removed", "where unknown parameters are refused, so are such requests"),
    (
        r"request-(parameter|body|property)-(exclusive-)?(min|max)(-length|-items)?-set",
        _FIRST,
    ),
    (r"request-(parameter|body|property)-default-value-.*", _DEFAULT),
    (
        r"response-(body|property)-default-value-.*",
        "who fills in what is left out fills in something else",
    ),
    (r".*-discriminator-.*", _DISPATCH),
    (
        r"request-parameter-property-type-changed",
        "what was accepted is refused, as of any parameter",
    ),
    (r"request-body-wrapped-in-one-of", "what was accepted still is one of the alternatives"),
    (r"request-(optional|required)-property-became-read-only", "what is sent is passed over"),
    (
        r"request-property-became-required-with-default",
        "a request without it is refused; a default is no permission",
    ),
    (
        r"new-required-request-property-with-default",
        "a request without it is refused; a default is no permission",
    ),
    (r"response-body-media-type-schema-removed", "anything may come where something was promised"),
    (
        r"response-(body|property)-pattern-(changed|removed)",
        "texts may come that could not, or no one can say",
    ),
    (
        r"response-property-enum-value-added",
        "answers grow; callers were told that nothing else comes",
    ),
    (r"response-(optional|required)-property-became-write-only", "who reads it finds nothing"),
    (
        r"response-required-property-became-not-write-only",
        "callers pass over what they do not know",
    ),
    (r"response-success-status-added", "its body may be another than that of the status they know"),
    (r"response-media-type-name-(changed|specialized)", "who asks for the old one gets another"),
    (r"request-body-enum-value-removed", "what was accepted is refused; optional is no better"),
    (r"response-(body|property)-any-of-added", "answers grow by an alternative"),
    (
        r"(request|response)-(body|property)-one-of-(added|removed)",
        "what fitted it fits another alternative: the schemas of these cases are alike",
    ),
    (r"request-required-property-became-not-read-only", "a request without it is refused"),
    (r"request-parameter-removed-with-deprecation", "without a date nobody knew when"),
)


# Findings of its cases for which we find none.
_NEVER = "the schema is of a type that has nothing of the kind: nothing changes"
_APART = "of a value that is another altogether, only that is told"
_ONLY_LISTED = "what becomes a list is told once, with its values"
_READ_ONLY = "the property is `readOnly`, so no request holds it"
_NO_NAME = "the path has no such name, so nobody can send it"
MISSED: dict[str, str] = {
    "api-security-component-type-changed": "no operation uses the scheme in both documents",
    "new-request-path-parameter": "the name stood in the path before; any text was taken for it",
    "new-required-request-property": _APART,
    "request-body-became-enum": "`int` is no type: the operation is not served, which is told",
    "request-body-max-decreased": _NEVER,
    "request-body-max-length-increased": _NEVER,
    "request-body-min-length-decreased": _NEVER,
    "request-body-type-changed": "`int` is no type, and objects have no format",
    "request-parameter-became-enum": _NO_NAME,
    "request-parameter-enum-value-added": _ONLY_LISTED,
    "request-parameter-max-decreased": _NEVER,
    "request-parameter-max-items-decreased": _NEVER,
    "request-parameter-min-decreased": _NEVER,
    "request-parameter-property-list-of-types-narrowed": "in a query, any text fits either",
    "request-parameter-property-list-of-types-widened": "in a query, any text fits either",
    "request-parameter-property-type-changed": "in a query, any text fits either",
    "request-parameter-sunset-parse": "the parameter is gone, which is told",
    "request-parameter-type-changed": _NO_NAME,
    "request-parameter-type-generalized": _NO_NAME,
    "request-parameter-x-extensible-enum-value-removed": _NO_NAME,
    "request-property-became-required": "the schema is of a list: it has no properties",
    "request-property-enum-value-added": _ONLY_LISTED,
    "request-property-max-decreased": _NEVER,
    "request-property-pattern-added": _READ_ONLY,
    "request-property-pattern-generalized": _READ_ONLY,
    "request-property-pattern-removed": _READ_ONLY,
    "response-body-min-items-decreased": _NEVER,
    "response-property-type-changed": "the property is of a text: it has none",
}


def difference_for(check: str) -> str | None:
    """Why we judge otherwise than a check does."""
    return next((why for pattern, why in DIFFERENT if re.fullmatch(pattern, check)), None)


def kinds_for(check: str) -> tuple[str, ...]:
    """Our kinds that stand for a check; none where there is a reason."""
    if reason_for(check) is not None:
        return ()
    found = _WHOLE.get(check)
    if found is None:
        value = _VALUE.fullmatch(check)
        assert value is not None, f"{check} has neither kinds nor a reason"
        way, end = value.groups()
        found = tuple(f"{way}-{facet}" for facet in _OF_VALUES.get(end) or (_limit(end),))
    assert all(kind in BY_ID for kind in found), found
    return found


def reason_for(check: str) -> str | None:
    """Why nothing of ours stands for a check."""
    if check in _WITHOUT:
        return _WITHOUT[check]
    return next((why for pattern, why in _WITHOUT_PATTERNS if re.fullmatch(pattern, check)), None)


def _limit(end: str) -> str:
    limit = _LIMIT.fullmatch(end)
    assert limit is not None, f"nothing is known of {end}"
    bound, of, how = limit.groups()
    name = f"{bound}{of}" if of else {"max": "maximum", "min": "minimum"}[bound]
    is_raised = how == "increased" or how == {"min": "set", "max": "unset"}[bound]
    return f"{name}-{'raised' if is_raised else 'lowered'}"
