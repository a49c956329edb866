"""Where a declared upstream's requests go."""

from __future__ import annotations

import pytest

from forecourt.compiler.ir.apis import mock_upstream
from forecourt.compiler.lowering.upstreams import lower_upstream
from forecourt.estate.api import Upstream


@pytest.mark.parametrize(
    ("url", "key", "base_path"),
    [
        ("http://payments.svc:8080", "http://payments.svc:8080", "/"),
        ("http://payments.svc", "http://payments.svc:80", "/"),
        ("https://payments.svc", "https://payments.svc:443", "/"),
        ("https://payments.svc:8443/base", "https://payments.svc:8443", "/base/"),
        ("http://payments.svc/a/b/", "http://payments.svc:80", "/a/b/"),
        ("http://127.0.0.1:9000/", "http://127.0.0.1:9000", "/"),
        ("http://[::1]:9000/", "http://::1:9000", "/"),
        ("http://PAYMENTS.svc/", "http://payments.svc:80", "/"),
    ],
)
def test_goes(url: str, key: str, base_path: str) -> None:
    upstream = lower_upstream(Upstream(url=url))
    assert upstream.key == key
    assert upstream.base_path == base_path
    assert upstream.tls is url.startswith("https")
    assert not upstream.mock


def test_upstreams_that_differ_in_their_path_share_connections() -> None:
    one, other = (lower_upstream(Upstream(url=f"http://svc/{path}")) for path in "ab")
    assert one.key == other.key
    assert one.base_path != other.base_path


def test_one_mock_answers_for_every_api_by_its_name() -> None:
    one, other = mock_upstream("payments"), mock_upstream("users")
    assert one.key == other.key == "mock"
    assert (one.base_path, other.base_path) == ("/payments/", "/users/")
