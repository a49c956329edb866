"""Which versions a first call pins to."""

from __future__ import annotations

from forecourt.server.header_versions import HeaderVersions
from tests.actions.publishing import CONTRACT, Acme, an_api_file
from tests.store.in_memory import InMemoryStore

_VERSIONS = '{"1": {contract: v1.openapi.yaml}, "2": {contract: v1.openapi.yaml, status: draft}}'


async def test_has_what_stays_of_apis_whose_version_is_a_header() -> None:
    acme = Acme(InMemoryStore())
    versions = HeaderVersions(acme.store.revisions)
    assert await versions() == {}
    prices = an_api_file(
        "partner", name="prices", versioning="{scheme: header}", versions=_VERSIONS
    )
    acme.save("apis/prices/api.yaml", prices)
    acme.save("apis/prices/v1.openapi.yaml", CONTRACT)
    await acme.publish()
    assert await versions() == {"prices": frozenset({"1"})}
