"""Where something is on a network, and who it is: URLs, hosts, listening addresses, SPIFFE IDs."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

from forecourt.estate.organization import Address
from forecourt.source.codes import BAD_ADDRESS, BAD_IDENTITY, BAD_TEXT, BAD_URL
from forecourt.source.vocabulary.shape import text_shape
from forecourt.source.vocabulary.words import Parsed

# RFC 1123 host names; the last label has a letter, or it would be read as an IPv4 address.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)*(?=[a-z0-9-]*[a-z]){_LABEL}")
# Container networks name services with underscores, and resolve them.
_RESOLVABLE = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_VISIBLE = re.compile(r"[\x21-\x7e]{1,2048}")
# https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md#2-spiffe-identity
_TRUST_DOMAIN = re.compile(r"[a-z0-9._-]{1,255}")
_SPIFFE = re.compile(r"spiffe://([a-z0-9._-]{1,255})((?:/[A-Za-z0-9._-]+)+)")
_SPIFFE_LONGEST = 2048
_EMAIL = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,253}")

# For editors: what these begin with and never hold. The rest takes more than a pattern.
_IN_A_URL = r"""[^\s"<>\\^`{|}]+"""
HTTPS_PATTERN = f"[Hh][Tt][Tt][Pp][Ss]://{_IN_A_URL}"
URL_PATTERN = f"[Hh][Tt][Tt][Pp][Ss]?://{_IN_A_URL}"
_HOST_PATTERN = "[A-Za-z0-9-]+(?:[.][A-Za-z0-9-]+)*"
_ADDRESS_PATTERN = r"(?:localhost|[0-9.]+|\[[0-9A-Fa-f:.]+\]):[1-9][0-9]{0,4}"

_NETWORK_PATTERN = r"[0-9A-Fa-f:.]+(?:/[0-9]{1,3})?"


def _split(text: str, schemes: tuple[str, ...]) -> SplitResult | None:
    if _VISIBLE.fullmatch(text) is None or any(c in text for c in '"<>\\^`{|}'):
        return None
    try:
        url = urlsplit(text)
        host, port = url.hostname, url.port
    except ValueError:
        return None
    if url.scheme not in schemes or not host or port == 0 or "@" in url.netloc:
        return None
    return url if _is_resolvable(host, "[" in url.netloc) and not url.netloc.endswith(":") else None


def _is_resolvable(host: str, is_bracketed: bool) -> bool:
    if is_bracketed:
        return _ip(host) is not None
    if host.rpartition(".")[2].isdigit():
        return _ip(host) is not None
    return _RESOLVABLE.fullmatch(host) is not None and ".." not in host


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _url(text: str) -> str | None:
    return text if _split(text, ("http", "https")) is not None else None


def _https_url(text: str) -> str | None:
    return text if _split(text, ("https",)) is not None else None


def _upstream(text: str) -> str | None:
    url = _split(text, ("http", "https"))
    return text if url is not None and not url.query and not url.fragment else None


def _why_no_url(parse: Callable[[str], str | None]) -> Callable[[str], str | None]:
    def hint(text: str) -> str | None:
        for scheme in ("http://", "https://"):
            if "://" not in text and parse(scheme + text) is not None:
                return f"write `{scheme}{text}`"
        if "@" in text:
            return "credentials do not belong into a URL; remove what stands before `@`"
        return None

    return hint


def _host(text: str) -> str | None:
    host = text.lower()
    return host if len(host) <= 253 and _HOST.fullmatch(host) else None


def _why_no_host(text: str) -> str | None:
    if "*" in text:
        return "name each host; one that matches every name is no boundary"
    if "://" in text or "/" in text:
        return "write the host alone, without scheme or path"
    if re.fullmatch(r".+:[0-9]+", text):
        return "write the host without its port"
    if not text.isascii():
        return "write it in its ASCII form, `xn--…`"
    if _ip(text) is not None:
        return "write a name; this is an address"
    return None


def _address(text: str) -> Address | None:
    host, colon, port = text.rpartition(":")
    if not colon or _PORT.fullmatch(port) is None or int(port) > 65535:
        return None
    if host == "localhost":
        return Address(host="127.0.0.1", port=int(port))
    is_bracketed = host.startswith("[") and host.endswith("]")
    ip = _ip(host[1:-1] if is_bracketed else host)
    if ip is None or is_bracketed != (ip.version == 6) or "%" in host:
        return None
    return Address(host=str(ip), port=int(port))


def _network(text: str) -> str | None:
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        return None
    return None if "%" in text else str(network)


def _why_no_network(text: str) -> str | None:
    try:
        return f"write `{ipaddress.ip_network(text, strict=False)}`"
    except ValueError:
        return None


def _why_no_address(text: str) -> str | None:
    if _PORT.fullmatch(text):
        return f"write `0.0.0.0:{text}`, or `127.0.0.1:{text}` for this machine alone"
    host, _, port = text.rpartition(":")
    if _ip(host) is not None and ":" in host and _PORT.fullmatch(port):
        return f"put the address in brackets: `[{host}]:{port}`"
    if _ip(text) is not None:
        return f"add a port: `{Address(host=text, port=8443)}`"
    return "listen on an IP address: `0.0.0.0:8443`, `[::]:8443` or `localhost:8443`"


def _spiffe(text: str) -> str | None:
    if len(text) > _SPIFFE_LONGEST or (found := _SPIFFE.fullmatch(text)) is None:
        return None
    return None if {".", ".."} & set(found[2].split("/")) else text


def _trust_domain(text: str) -> str | None:
    return text if _TRUST_DOMAIN.fullmatch(text) else None


def _without_scheme(text: str) -> str | None:
    domain = text.removeprefix("spiffe://").partition("/")[0]
    return f"write `{domain}`" if domain != text and _trust_domain(domain) else None


def _visible(text: str) -> str | None:
    return text if _VISIBLE.fullmatch(text) else None


def _email(text: str) -> str | None:
    return text if _EMAIL.fullmatch(text) and text.isprintable() else None


URL = Parsed(
    expects="an `http` or `https` URL with a host",
    code=BAD_URL,
    parse=_url,
    looks=text_shape(URL_PATTERN, example="https://api.acme.example/"),
    hint=_why_no_url(_url),
)
HTTPS_URL = Parsed(
    expects="an `https` URL with a host",
    code=BAD_URL,
    parse=_https_url,
    looks=text_shape(HTTPS_PATTERN, example="https://api.acme.example/"),
    hint=_why_no_url(_https_url),
)
UPSTREAM_URL = Parsed(
    expects="an `http` or `https` URL with a host, without query",
    code=BAD_URL,
    parse=_upstream,
    looks=text_shape(URL_PATTERN, example="http://payments.shop.svc:8080"),
    hint=_why_no_url(_upstream),
)
HOST = Parsed(
    expects="a host name",
    code=BAD_ADDRESS,
    parse=_host,
    looks=text_shape(_HOST_PATTERN, example="api.acme.example"),
    hint=_why_no_host,
)
ADDRESS = Parsed(
    expects="an IP address and a port",
    code=BAD_ADDRESS,
    parse=_address,
    looks=text_shape(_ADDRESS_PATTERN, example="0.0.0.0:8443"),
    hint=_why_no_address,
)
NETWORK = Parsed(
    expects="an IP address, or a network such as `203.0.113.0/24`",
    code=BAD_ADDRESS,
    parse=_network,
    looks=text_shape(_NETWORK_PATTERN, example="203.0.113.0/24"),
    hint=_why_no_network,
)
SPIFFE_ID = Parsed(
    expects="a SPIFFE identity such as `spiffe://acme.example/ns/shop/sa/orders`",
    code=BAD_IDENTITY,
    parse=_spiffe,
    looks=text_shape(_SPIFFE.pattern, example="spiffe://acme.example/ns/shop/sa/orders"),
)
TRUST_DOMAIN = Parsed(
    expects="a trust domain such as `acme.example`",
    code=BAD_IDENTITY,
    parse=_trust_domain,
    looks=text_shape(_TRUST_DOMAIN.pattern, example="acme.example", numbers=True),
    hint=_without_scheme,
)
# Issuers and token audiences are compared byte by byte (RFC 7519, StringOrURI).
TOKEN_TEXT = Parsed(
    expects="a text without spaces",
    code=BAD_TEXT,
    parse=_visible,
    looks=text_shape(_VISIBLE.pattern, numbers=True),
)
EMAIL = Parsed(
    expects="an e-mail address",
    code=BAD_TEXT,
    parse=_email,
    looks=text_shape(_EMAIL.pattern, example="support@acme.example"),
)
