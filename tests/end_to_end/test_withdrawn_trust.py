"""Whoever is trusted no longer is not trusted on a connection from before either."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import acme
from tests.end_to_end.eventually import eventually
from tests.end_to_end.test_internal_listener import a_certificate

_INGRESS = "spiffe://acme.example/ns/mesh/sa/ingress"
_ORDERS = "spiffe://acme.example/ns/shop/sa/orders"

pytestmark = pytest.mark.end_to_end


def test_a_mesh_proxy_that_goes_speaks_for_nobody_on_its_old_connections(
    started: Started, tmp_path: Path
) -> None:
    gateway = started(acme())
    proxy = a_certificate(gateway, tmp_path, _INGRESS)
    said = {"x-forwarded-client-cert": f"URI={_ORDERS}"}
    with gateway.connection(listener="internal", certificate=proxy) as connection:
        assert connection.get("/users/users", headers=said).status_code == 200
        gateway.change("forecourt.yaml", f'mesh_proxies: ["{_INGRESS}"]', "mesh_proxies: []")

        def is_refused() -> bool:
            try:
                return connection.get("/users/users", headers=said).status_code == 401
            except httpx.TransportError:
                return False  # it was closed; the next call opens another

        eventually(is_refused, what="the proxy is refused")
