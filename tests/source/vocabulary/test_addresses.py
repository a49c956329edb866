from __future__ import annotations

import pytest

from forecourt.estate.organization import Address
from forecourt.source.vocabulary.addresses import (
    ADDRESS,
    EMAIL,
    HOST,
    HTTPS_URL,
    SPIFFE_ID,
    TRUST_DOMAIN,
    UPSTREAM_URL,
    URL,
)
from tests.source.builders import read


@pytest.mark.parametrize(
    "text",
    [
        "http://payments.shop.svc:8080",
        "https://payments.example/base/path",
        "http://user_service:80",
        "http://127.0.0.1:1",
        '"http://[::1]:65535/"',
        "HTTP://EXAMPLE",
        "http://localhost",
    ],
)
def test_an_upstream_is_a_url(text: str) -> None:
    assert read(UPSTREAM_URL, text) == (text.strip('"'), [])


@pytest.mark.parametrize(
    "text",
    [
        "ftp://x.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//x.example/",
        "x.example",
        "http://",
        "http:///path",
        "http://:80/",
        "http://x.example:0/",
        '"http://x.example:"',
        "http://x.example:65536/",
        "http://x.example:8o8o/",
        "http://user@x.example/",
        "http://user:password@x.example/",
        "http://x.example/?a=b",
        '"http://x.example/#a"',
        '"http://x.example/ a"',
        '"http://x.example/\\ta"',
        '"http://x.example/\\n"',
        "http://x..example/",
        "http://-.-/",
        "http://x.example\\@y.example/",
        "http://x.example/{id}",
        "http://256.1.1.1/",
        "http://1.2.3/",
        '"http://[::1"',
        '"http://[1.2.3.4]/"',
        '"http://::1/"',
        "http://bücher.example/",
        "http://" + "x" * 3000,
    ],
)
def test_refuses_what_is_no_upstream(text: str) -> None:
    value, told = read(UPSTREAM_URL, text)
    assert value is None
    assert len(told) == 1


def test_other_urls_may_have_a_query_and_a_fragment() -> None:
    text = "https://grafana.example/d/1?from=now#panel"
    assert read(URL, text) == (text, [])


def test_some_urls_must_be_https() -> None:
    assert read(HTTPS_URL, "http://x.example/")[0] is None


def test_credentials_in_a_url_are_not_repeated() -> None:
    (told,) = read(URL, "http://mailer:hunter2@x.example/")[1]
    assert "hunter2" not in told
    assert "credentials do not belong into a URL" in told


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("api.acme.example", "api.acme.example"),
        ("API.acme.example", "api.acme.example"),
        ("localhost", "localhost"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("1.2.3.example", "1.2.3.example"),
    ],
)
def test_a_host_is_a_name_in_small_letters(text: str, host: str) -> None:
    assert read(HOST, text) == (host, [])


@pytest.mark.parametrize(
    "text",
    [
        '"*"',
        '"*.acme.example"',
        "api.*.example",
        "10.0.0.1",
        '"::1"',
        '"[::1]"',
        "a.example.",
        ".a.example",
        "a..example",
        "-a.example",
        "a-.example",
        "a_b.example",
        "a.example:443",
        "https://a.example",
        "a.example/",
        "bücher.example",
        "a b.example",
        "x" * 64 + ".example",
        "x." * 127 + "example",
    ],
)
def test_refuses_what_is_no_host(text: str) -> None:
    value, told = read(HOST, text)
    assert value is None
    assert len(told) == 1


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("0.0.0.0:8443", Address(host="0.0.0.0", port=8443)),
        ('"[::]:8443"', Address(host="::", port=8443)),
        ('"[0:0:0:0:0:0:0:1]:1"', Address(host="::1", port=1)),
        ("localhost:65535", Address(host="127.0.0.1", port=65535)),
    ],
)
def test_an_address_is_an_ip_and_a_port(text: str, address: Address) -> None:
    assert read(ADDRESS, text) == (address, [])


@pytest.mark.parametrize(
    ("text", "way_out"),
    [
        ("8443", "write `0.0.0.0:8443`"),
        ("10.0.0.1", "add a port: `10.0.0.1:8443`"),
        ('"::1"', "add a port: `[::1]:8443`"),
        ('"::1:8443"', "put the address in brackets: `[::1]:8443`"),
        ("api.acme.example:8443", "listen on an IP address"),
        ("10.0.0.1:0", "listen on an IP address"),
        ("10.0.0.1:65536", "listen on an IP address"),
        ("10.0.0.1:08443", "listen on an IP address"),
        ('"[10.0.0.1]:8443"', "listen on an IP address"),
        ('"[fe80::1%eth0]:8443"', "listen on an IP address"),
        ('"[::1:8443"', "listen on an IP address"),
        ('":8443"', "listen on an IP address"),
        ('"10.0.0.1:٨"', "listen on an IP address"),
    ],
)
def test_refuses_what_cannot_be_listened_on(text: str, way_out: str) -> None:
    value, (told,) = read(ADDRESS, text)
    assert value is None
    assert way_out in told


@pytest.mark.parametrize(
    "text", ["spiffe://acme.example/ns/shop/sa/orders", "spiffe://a_b-c.1/A.b_c-1"]
)
def test_an_identity_is_a_spiffe_id(text: str) -> None:
    assert read(SPIFFE_ID, text) == (text, [])


@pytest.mark.parametrize(
    "text",
    [
        "acme.example/orders",
        "spiffe://acme.example",
        "spiffe://acme.example/",
        "spiffe://acme.example/a/",
        "spiffe://acme.example//a",
        "spiffe://acme.example/./a",
        "spiffe://acme.example/a/..",
        "spiffe://ACME.example/a",
        "SPIFFE://acme.example/a",
        "spiffe://acme.example:80/a",
        "spiffe://user@acme.example/a",
        "spiffe://acme.example/a?b",
        "spiffe://acme.example/a%2fb",
        "spiffe://acme.example/*",
        "spiffe:///a",
        "spiffe://acme.example/" + "a" * 2048,
    ],
)
def test_refuses_what_is_no_identity(text: str) -> None:
    value, told = read(SPIFFE_ID, text)
    assert value is None
    assert len(told) == 1


def test_a_trust_domain_has_no_scheme() -> None:
    assert read(TRUST_DOMAIN, "acme.example") == ("acme.example", [])
    (told,) = read(TRUST_DOMAIN, "spiffe://acme.example/ns")[1]
    assert "write `acme.example`" in told


@pytest.mark.parametrize("text", ["nobody", "a@b@c", "a b@c", "'@a'", "a@", '"a@b\\n"', "<a@b>"])
def test_refuses_what_is_no_mail_address(text: str) -> None:
    assert read(EMAIL, text)[0] is None
