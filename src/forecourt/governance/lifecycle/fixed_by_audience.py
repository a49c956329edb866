"""An API loosens what only its audience can decide.

Why it matters
    Four dimensions are not degrees of care but what the word itself means: which listener an API
    stands on, which credentials callers there can have, who is asked whether they may call, and how
    their connection is protected. An internal API on the external listener would not be an internal
    API with an exception; it would be an external API without a posture.

Bad
    # apis/users/api.yaml
    audience: internal
    posture: {listener: internal+external}

    # apis/payments/api.yaml
    audience: public
    posture: {credentials: [anonymous, api_key]}     # see anonymous-operation: one by one

Good
    # apis/users/api.yaml
    audience: partner                                # if callers outside should reach it, say so

    # apis/payments/api.yaml
    audience: public
    posture: {credentials: [oauth2, jwt]}            # stricter is always allowed

When to waive
    Never. What anybody may call is opened operation by operation, by a waiver of
    `anonymous-operation`. The edge compiles external routes from external APIs, recognises mesh
    certificates and internal tokens inside only, and speaks TLS with everybody outside; no waiver
    changes that. Partners that bring certificates are declared in `partners/NAME.yaml`, under
    `certificates`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from forecourt.diagnostics import Severity
from forecourt.estate.posture import BY_KEY, is_laxer
from forecourt.estate.wording import worded
from forecourt.governance.demands import demanded, whose
from forecourt.governance.rule import Finding, Rule, Subject

FIXED: Mapping[str, str] = MappingProxyType(
    {
        "listener": "the audience itself says where an API can be reached: change `audience` "
        "if others should call",
        "credentials": "remove those that callers of this audience cannot have; a partner's own "
        "certificates are declared in `partners/NAME.yaml`",
        "authorization": "remove `authorization`; who else may call is said by `audience`",
        "encryption": "remove `encryption`: callers outside always use TLS",
    }
)


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each of these dimensions that an API sets laxer than its audience demands."""
    for api in subject.estate.apis.values():
        for key, way_out in FIXED.items():
            if key in api.posture and is_laxer(key, api.posture[key], api.audience):
                dimension = BY_KEY[key]
                value = worded(dimension, api.posture[key])
                yield Finding(
                    message=f"`{key}` is `{value}`, laxer than the {demanded(dimension, api)} of "
                    f"{whose(api)}, and no waiver can allow it",
                    span=api.places[f"posture.{key}"],
                    help=way_out,
                    api=api.name,
                    dimension=key,
                )


RULE = Rule(
    code="FC302",
    name="fixed-by-audience",
    summary="an API loosens what only its audience can decide",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
