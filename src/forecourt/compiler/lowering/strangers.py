"""What each address may send of who brings no credential, and from which bucket it pays."""

from __future__ import annotations

from forecourt.compiler.ir.callers import Limit
from forecourt.compiler.lowering.apis import limit_of
from forecourt.compiler.lowering.callers import lower_limit
from forecourt.estate.api import Api
from forecourt.estate.posture import WITHOUT_CREDENTIAL, posture_of


def address_limit(api: Api) -> tuple[Limit, str]:
    """The limit and the name of its buckets; "": those that other APIs share.

    What each caller may ask of the API holds for each address, where that is less. A limit of the
    API's own has buckets of its own: of two limits in one bucket the larger would refill it.
    """
    posture = posture_of(api, WITHOUT_CREDENTIAL)
    own, of_api = posture.anonymous_limit, limit_of(api, posture)
    if of_api is not None and of_api.requests_per_minute < own.requests_per_minute:
        return lower_limit(of_api), api.name
    return lower_limit(own), api.name if "anonymous_limit" in api.posture else ""
