"""What an address may send."""

from __future__ import annotations

import pytest

from forecourt.compiler.ir.callers import Limit
from forecourt.compiler.lowering.strangers import address_limit
from forecourt.estate.rate_limit import RateLimit
from tests.governance.builders import an_api


def of(number: int) -> RateLimit:
    return RateLimit(requests_per_minute=number)


@pytest.mark.parametrize(
    ("posture", "per_minute", "capacity", "bucket"),
    [
        ({}, 60, 15, ""),
        ({"anonymous_limit": of(20)}, 20, 10, "payments"),
        ({"rate_limit": of(80)}, 60, 15, ""),
        ({"rate_limit": of(8)}, 8, 8, "payments"),
        ({"rate_limit": of(30), "anonymous_limit": of(20)}, 20, 10, "payments"),
        ({"rate_limit": of(8), "anonymous_limit": of(20)}, 8, 8, "payments"),
    ],
    ids=[
        "the posture's",
        "the API's for addresses",
        "what each caller may ask is more",
        "what each caller may ask is less",
        "both, addresses less",
        "both, each caller less",
    ],
)
def test_the_smaller_counts_and_an_apis_own_has_buckets_of_its_own(
    posture: dict[str, object], per_minute: int, capacity: float, bucket: str
) -> None:
    api = an_api(audience="public", posture=posture)
    assert address_limit(api) == (Limit(per_minute=per_minute, capacity=capacity), bucket)
