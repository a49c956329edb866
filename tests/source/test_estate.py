from __future__ import annotations

import pytest

from forecourt.diagnostics import Diagnostic, Span
from forecourt.estate.api import Api
from forecourt.estate.model import Estate
from forecourt.estate.rate_limit import RateLimit
from forecourt.source.estate import EstateReader, Read, read_estate
from tests.source.builders import ORGANIZATION, an_api, an_estate


def read_api(text: str) -> Api:
    estate, diagnostics = read_estate(an_estate({"apis/payments/api.yaml": text}))
    assert diagnostics == ()
    return estate.apis["payments"]


def said(files: dict[str, str | bytes], environment: str | None = None) -> list[str]:
    return [str(diagnostic) for diagnostic in read_estate(files, environment)[1]]


def both(read: Read) -> tuple[Estate, tuple[Diagnostic, ...]]:
    return read.estate, read.mistakes


def test_an_estate_without_its_first_file_is_told_so() -> None:
    estate, (diagnostic,) = read_estate({"apis/payments/api.yaml": an_api("payments")})
    assert estate.organization is None
    assert list(estate.apis) == ["payments"]
    assert str(diagnostic).startswith("forecourt.yaml:1:1: error[FC025 missing-file]")


def test_an_empty_estate_misses_only_its_first_file() -> None:
    assert len(read_estate({})[1]) == 1


def test_an_organization_with_a_mistake_is_absent() -> None:
    estate, diagnostics = read_estate({"forecourt.yaml": ORGANIZATION + "colour: red\n"})
    assert estate.organization is None
    assert len(diagnostics) == 1


def test_values_are_sorted_by_name_whatever_the_order_of_files() -> None:
    files = an_estate({f"apis/{n}/api.yaml": an_api(n) for n in ("c", "a", "b")})
    backwards = dict(reversed(files.items()))
    assert read_estate(files) == read_estate(backwards)
    assert list(read_estate(backwards)[0].apis) == ["a", "b", "c"]


def test_texts_and_bytes_read_alike() -> None:
    files = an_estate({"apis/payments/api.yaml": an_api("payments")})
    as_bytes: dict[str, str | bytes] = {p: str(text).encode() for p, text in files.items()}
    assert read_estate(files) == read_estate(as_bytes)


def test_line_endings_of_another_system_read_alike() -> None:
    files = an_estate({"apis/payments/api.yaml": an_api("payments")})
    there: dict[str, str | bytes] = {p: str(t).replace("\n", "\r\n") for p, t in files.items()}
    assert read_estate(files) == read_estate(there)


def test_every_key_has_its_place() -> None:
    text = an_api(
        "payments",
        'posture: {body_limits: {bytes: 1 KB}}\nversions:\n  "1":\n    contract: v1.openapi.yaml\n'
        "    sunset: 2030-01-01\n",
    )
    places = read_api(text).places
    lines = text.splitlines()
    for key, written in {
        "name": "payments",
        "audience": "public",
        "owner": "owner",
        "owner.team": "team: payments",
        "upstream.url": "http:",
        "posture.body_limits.bytes": "1 KB",
        "versions": "versions",
        "versions.1": '"1"',
        "versions.1.sunset": "2030",
    }.items():
        span = places[key]
        assert span.path == "apis/payments/api.yaml"
        here = lines[span.line - 1][span.column - 1 :]
        assert here.startswith(written.removeprefix("team: ")), key
    assert places["versions.1.guide"] == places["versions.1"]
    assert "title" not in places


def test_each_service_has_places_of_its_own() -> None:
    text = "services:\n  orders:\n    identity: spiffe://acme.example/orders\n"
    estate, _ = read_estate(an_estate({"services.yaml": text}))
    places = estate.services["orders"].places
    assert places.origin == Span("services.yaml", 2, 3)
    assert places["identity"] == Span("services.yaml", 3, 15)
    assert list(places) == ["identity"]


def test_a_limit_given_in_part_is_completed() -> None:
    identity = "identity: spiffe://acme.example/orders"
    services = f"services: {{orders: {{{identity}, rate_limit: {{requests_per_minute: 5}}}}}}"
    partner = "id: acme\nname: Acme\napis: {}\nrate_limit: {burst_allowance: 3}\n"
    estate, diagnostics = read_estate(
        an_estate({"services.yaml": services, "partners/acme.yaml": partner})
    )
    assert diagnostics == ()
    assert estate.services["orders"].rate_limit == RateLimit(requests_per_minute=5)
    assert estate.partners["acme"].rate_limit.requests_per_minute == 1000
    assert estate.partners["acme"].rate_limit.burst_allowance == 3


def test_a_partner_is_named_by_its_file_and_titled_by_its_name() -> None:
    partner = "id: p1\nname: ACME Corporation\napis: {payments: {}}\n"
    estate, _ = read_estate(an_estate({"partners/acme-corp.yaml": partner}))
    found = estate.partners["acme-corp"]
    assert (found.name, found.title) == ("acme-corp", "ACME Corporation")
    assert found.apis == {"payments": None}


def test_the_path_of_an_api_is_its_name_unless_it_says_otherwise() -> None:
    assert read_api(an_api("payments")).path == "/payments/"
    assert read_api(an_api("payments", "path: pay\n")).path == "/pay/"


# --- environments ---------------------------------------------------------------------------------

PROD = """
listeners: {external: {hosts: [api.acme.com]}}
upstreams: {payments: {url: https://payments.prod.svc}}
"""


def test_an_environment_keeps_what_it_does_not_name() -> None:
    files = an_estate({"apis/payments/api.yaml": an_api("payments"), "forecourt.prod.yaml": PROD})
    estate, diagnostics = read_estate(files, "prod")
    assert diagnostics == ()
    assert estate.organization is not None
    assert estate.organization.external.hosts == ("api.acme.com",)
    assert estate.organization.external.address.port == 8443
    assert estate.apis["payments"].upstream.url == "https://payments.prod.svc"


def test_what_an_environment_sets_stands_in_its_file() -> None:
    files = an_estate({"apis/payments/api.yaml": an_api("payments"), "forecourt.prod.yaml": PROD})
    estate, _ = read_estate(files, "prod")
    assert estate.organization is not None
    assert estate.organization.places["listeners.external.hosts"].path == "forecourt.prod.yaml"
    assert estate.organization.places["listeners.external.address"].path == "forecourt.yaml"
    assert estate.apis["payments"].places["upstream.url"].path == "forecourt.prod.yaml"


def test_an_environment_that_is_missing_leaves_no_organization() -> None:
    estate, _ = read_estate(an_estate({}), "../prod")
    assert estate.organization is None


def test_a_mistake_in_another_environment_is_told_but_harmless() -> None:
    files = an_estate({"forecourt.prod.yaml": "colour: red\n"})
    estate, (diagnostic,) = read_estate(files)
    assert estate.organization is not None
    assert diagnostic.span.path == "forecourt.prod.yaml"


# --- reading again --------------------------------------------------------------------------------


def test_reading_again_gives_the_same() -> None:
    files = an_estate({"apis/payments/api.yaml": an_api("payments"), "forecourt.prod.yaml": PROD})
    reader = EstateReader()
    for environment in (None, "prod", None, "prod"):
        assert both(reader.read(files, environment)) == read_estate(files, environment)


def test_what_did_not_change_is_not_read_twice() -> None:
    files = an_estate({f"apis/{n}/api.yaml": an_api(n) for n in ("a", "b")})
    reader = EstateReader()
    before = reader.read(files).estate
    files["apis/b/api.yaml"] = an_api("b", "title: B\n")
    after = reader.read(files).estate
    assert after.apis["a"] is before.apis["a"]
    assert after.apis["b"].title == "B"


@pytest.mark.parametrize(
    "change",
    [
        {"apis/payments/api.yaml": "name: other\n"},
        {"forecourt.yaml": "organization: Other\n"},
        {"forecourt.prod.yaml": PROD.replace("prod.svc", "other.svc")},
        {"forecourt.prod.yaml": None},
        {"apis/payments/api.yaml": None},
        {"services.yaml": "services: {}\n"},
    ],
    ids=lambda change: "{}: {}".format(*next(iter(change.items()))).strip(),
)
def test_a_change_is_seen(change: dict[str, str | bytes | None]) -> None:
    files = an_estate(
        {
            "apis/payments/api.yaml": an_api("payments"),
            "forecourt.prod.yaml": PROD,
            "services.yaml": "services: {orders: {identity: spiffe://acme.example/orders}}\n",
        }
    )
    reader = EstateReader()
    reader.read(files, "prod")
    merged = {**files, **change}
    now: dict[str, str | bytes] = {p: text for p, text in merged.items() if text is not None}
    assert both(reader.read(now, "prod")) == read_estate(now, "prod")


def test_mistakes_are_told_again_when_nothing_changed() -> None:
    files = an_estate({"apis/payments/api.yaml": an_api("payments", "colour: red\n")})
    reader = EstateReader()
    first = reader.read(files).mistakes
    assert first
    assert reader.read(files).mistakes == first
