"""FC201."""

from __future__ import annotations

import pytest

from forecourt.compiler.lowering.apis import prefix_of
from forecourt.estate.api import Scheme
from forecourt.governance.exposure.path_overlap import RULE
from tests.governance.builders import a_version, an_api, an_estate, findings, messages


def test_two_apis_at_one_path_are_told_of_each_other() -> None:
    a = an_api("payments", path="/")
    b = an_api("refunds", path="/")
    found = findings(RULE, an_estate(a, b))
    assert [f.span for f in found] == [a.places["versions.1"], b.places["versions.1"]]
    assert found[0].message == (
        "version `1` of `payments` claims `/v1/`, and so does version `1` of `refunds`"
    )


def test_an_unversioned_api_clashes_with_a_version_prefix() -> None:
    internal = an_api("old", "internal", path="/payments/v1/")
    assert messages(RULE, an_estate(an_api(), internal)) == [
        "version `1` of `payments` claims `/payments/v1/`, and so does `old`",
        "`old` claims `/payments/v1/`, and so does version `1` of `payments`",
    ]


@pytest.mark.parametrize("scheme", [Scheme.HEADER, Scheme.DATES, Scheme.FLAGS])
def test_versions_told_apart_by_header_share_one_path(scheme: Scheme) -> None:
    versions = (a_version("1"), a_version("2"))
    assert messages(RULE, an_estate(an_api(scheme=scheme, versions=versions))) == []


def test_a_path_inside_another_is_no_overlap() -> None:
    inner = an_api("refunds", "internal", path="/payments/refunds/")
    outer = an_api("payments", "internal")
    assert messages(RULE, an_estate(outer, inner)) == []


def test_what_is_claimed_is_what_the_edge_serves() -> None:
    for scheme in Scheme:
        a, b = (an_api(name, path="/", scheme=scheme) for name in ("a", "b"))
        assert f"`{prefix_of(a, a.versions[0])}`" in messages(RULE, an_estate(a, b))[0]
