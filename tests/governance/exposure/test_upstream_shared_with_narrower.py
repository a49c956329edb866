"""FC202."""

from __future__ import annotations

import pytest

from forecourt.estate.api import Upstream
from forecourt.governance.exposure.upstream_shared_with_narrower import RULE
from tests.governance.builders import a_version, an_api, an_estate, findings, messages


def _pair(inside: str, outside: str) -> list[str]:
    narrow = an_api("users", "internal", upstream=Upstream(url=inside))
    wide = an_api("signup", "public", upstream=Upstream(url=outside))
    return messages(RULE, an_estate(narrow, wide))


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ("http://users.svc:8080", "http://users.svc:8080"),
        ("http://users.svc:8080/admin", "http://users.svc:8080/"),
        ("http://users.svc:8080/", "http://users.svc:8080/signup"),
        ("http://users.svc", "http://users.svc:80"),
        ("https://users.svc", "http://USERS.svc:443/"),
    ],
)
def test_finds_an_upstream_that_leads_to_the_same_paths(inside: str, outside: str) -> None:
    assert _pair(inside, outside) == [
        "public callers of `signup` reach the service behind `users`, which is for a narrower "
        "audience"
    ]


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ("http://users.svc:8080", "http://signup.svc:8080"),
        ("http://users.svc:8080", "http://users.svc:8081"),
        ("http://users.svc:8080/admin", "http://users.svc:8080/signup"),
        ("http://users.svc:8080/sign", "http://users.svc:8080/signup"),
        ("http://users.svc:8080", "not a url"),
        ("http://users.svc:8080", "http://users.svc:99999"),
    ],
)
def test_leaves_alone_what_cannot_meet(inside: str, outside: str) -> None:
    assert _pair(inside, outside) == []


def test_apis_of_one_audience_may_share_a_service() -> None:
    same = Upstream(url="http://monolith.svc:8080")
    assert messages(RULE, an_estate(an_api("a", upstream=same), an_api("b", upstream=same))) == []


def test_points_at_the_version_that_shares_its_upstream() -> None:
    own = a_version("2", upstream=Upstream(url="http://users.svc:8080"))
    wide = an_api("signup", versions=(a_version("1"), own))
    narrow = an_api("users", "partner")
    (found,) = findings(RULE, an_estate(narrow, wide))
    assert found.version == "2"
    assert found.span == wide.places["versions.2.upstream.url"]


def test_names_a_few_of_many() -> None:
    same = Upstream(url="http://monolith.svc:8080")
    narrow = [an_api(f"n{i}", "internal", upstream=same) for i in range(5)]
    (message,) = messages(RULE, an_estate(*narrow, an_api(upstream=same)))
    assert "behind `n0`, `n1`, `n2` and 2 more," in message
