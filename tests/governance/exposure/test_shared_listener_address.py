"""FC209."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forecourt.diagnostics import Places, Span
from forecourt.estate.organization import Address
from forecourt.governance.exposure.shared_listener_address import RULE
from tests.governance.builders import (
    an_estate,
    an_external_listener,
    an_internal_listener,
    an_organization,
    findings,
    messages,
)


def _acme(external: tuple[str, int], internal: tuple[str, int]) -> list[str]:
    (host, port), (inner_host, inner_port) = external, internal
    organization = an_organization(
        external=an_external_listener(address=Address(host=host, port=port)),
        internal=an_internal_listener(address=Address(host=inner_host, port=inner_port)),
    )
    found = findings(RULE, an_estate(organization))
    assert all(f.span == organization.places["listeners.internal.address"] for f in found)
    return [f.message for f in found]


@pytest.mark.parametrize("host", ["10.0.0.1", "0.0.0.0", "::"])
def test_one_port_of_one_address_holds_one_listener(host: str) -> None:
    assert _acme((host, 8443), ("10.0.0.1", 8443)) != []
    assert _acme(("10.0.0.1", 8443), (host, 8443)) != []


def test_points_at_an_environment_that_moved_the_external_one_there() -> None:
    own, other = Span("forecourt.yaml", 4, 1), Span("forecourt.prod.yaml", 2, 9)
    places = Places(own, {"listeners.external.address": other, "listeners.internal.address": own})
    address = Address(host="0.0.0.0", port=8443)
    organization = an_organization(
        external=an_external_listener(address=address),
        internal=an_internal_listener(address=address),
    )
    organization = replace(organization, places=places)
    (found,) = findings(RULE, an_estate(organization))
    assert found.span == other


def test_another_port_or_address_passes() -> None:
    assert _acme(("0.0.0.0", 8443), ("0.0.0.0", 9443)) == []
    assert _acme(("10.0.0.1", 8443), ("127.0.0.1", 8443)) == []


def test_free_ports_never_clash() -> None:
    assert _acme(("0.0.0.0", 0), ("0.0.0.0", 0)) == []


def test_says_nothing_where_the_organisation_could_not_be_read() -> None:
    assert messages(RULE, an_estate(organization=None)) == []
