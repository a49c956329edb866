"""An API asks for less than its audience demands.

Why it matters
    Everything that follows from the audience was decided once, in one table, so that nobody needs
    to wonder what a public API is like here. A laxer value is an exception; somebody other than its
    author has to know of it, agree, and look again on a day that is named.

Bad
    # apis/payments/api.yaml
    audience: public
    posture:
      errors: detailed                               # public demands constant
      body_limits: {bytes: 8 MB}                     # public demands 1 MB

Good
    # apis/payments/api.yaml
    audience: public
    posture: {body_limits: {bytes: 256 KB}}          # stricter is always allowed

When to waive
    When the audience's demand cannot be met yet, and somebody answers for the time until it is:

    # waivers/users-body-limits.yaml
    rule: laxer-than-posture
    api: users
    dimension: body_limits
    owner: identity
    because: portraits are uploaded here until the media service takes them
    approved_by: [api-review-board]
    expires: 2024-08-01
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.estate.api import Api
from forecourt.estate.posture import BY_KEY, Dimension, is_laxer
from forecourt.estate.wording import worded
from forecourt.governance.demands import demanded, whose
from forecourt.governance.lifecycle.fixed_by_audience import FIXED
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each dimension that an API sets laxer, and at a laxer way of versioning."""
    for api in subject.estate.apis.values():
        for key, value in api.posture.items():
            if key not in FIXED and is_laxer(key, value, api.audience):
                yield _laxer(api, BY_KEY[key], value)
        yield from _scheme(api)


def _laxer(api: Api, dimension: Dimension, value: object) -> Finding:
    key = dimension.key
    cell = dimension.values[api.audience]
    return Finding(
        message=f"`{key}` is `{worded(dimension, value)}`, laxer than the "
        f"{demanded(dimension, api)} that {whose(api)} demands: {cell.because}",
        span=api.places[f"posture.{key}"],
        help=f"remove `{key}`, or set it to {demanded(dimension, api)} or stricter; an exception "
        f"takes a waiver of `{RULE.name}` for `{api.name}` with `dimension: {key}`",
        api=api.name,
        dimension=key,
    )


def _scheme(api: Api) -> Iterator[Finding]:
    dimension = BY_KEY["versioning"]
    own = api.posture.get(dimension.key)
    accepted = own if isinstance(own, frozenset) else dimension.values[api.audience].value
    assert isinstance(accepted, frozenset)
    if api.scheme.value in accepted:
        return
    asked_by = f"`{api.places['posture.versioning']}`" if own is not None else whose(api)
    words = worded(dimension, accepted)
    yield Finding(
        message=f"`scheme` is `{api.scheme.value}`, but {asked_by} demands one of `{words}`: "
        f"{dimension.values[api.audience].because}",
        span=api.places["versioning.scheme" if "versioning" in api.places else "audience"],
        help=f"write `versioning: {{scheme: path}}` and {_versions(api)}; an exception takes a "
        f"waiver of `{RULE.name}` for `{api.name}` with `dimension: {dimension.key}`",
        api=api.name,
        dimension=dimension.key,
    )


def _versions(api: Api) -> str:
    """What to do about `versions`, where there are none yet."""
    contract = next((v.contract for v in api.versions if not v.name and v.contract), None)
    if contract is None:
        return "declare `versions`"
    written = contract.removeprefix(f"{api.folder}/")
    return f'put `versions: {{"1": {{contract: {written}}}}}` in the place of `contract`'


RULE = Rule(
    code="FC301",
    name="laxer-than-posture",
    summary="an API asks for less than its audience demands",
    severity=Severity.ERROR,
    since="0.1",
    waivable=True,
    check=check,
    explanation=__doc__,
)
