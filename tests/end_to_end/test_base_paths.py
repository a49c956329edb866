"""Where an upstream is asked: below its base path, version by version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import an_api, an_estate
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.upstream import Upstream, an_upstream

QUERY = "?next=/lamps/v1/&x=%2541"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A gateway in front of a recording upstream."""

    gateway: Gateway
    upstream: Upstream
    key: str

    def asked(self, path: str, **headers: str) -> str:
        """The path that the upstream is asked for."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.gateway.call(path, key=self.key, headers=fields)
        assert answer.status_code == 200, answer.text
        return self.upstream.last().path


@pytest.fixture(scope="module")
def served(started_once: Started) -> Iterator[Served]:
    with an_upstream() as upstream:

        def versions(*names: str, below: str) -> dict[str, object]:
            return {
                name: {
                    "contract": "openapi.yaml",
                    "upstream": {"url": f"{upstream.url}{below}{name}"},
                }
                for name in names
            }

        gateway = an_estate(
            apis={
                "lamps": an_api(
                    upstream=upstream.url, versions=versions("1", "2", below="/lamps-")
                ),
                "prices": an_api(
                    upstream=upstream.url,
                    versioning={"scheme": "header"},
                    versions=versions("9", "10", below="/prices/v"),
                ),
            },
            local=False,
        )
        started_once(gateway)
        key = gateway.a_key(developer="ada", application="shop")
        yield Served(gateway=gateway, upstream=upstream, key=key)


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("rest", ["", "things", f"things/a%20b{QUERY}"])
def test_a_version_by_path_is_asked_below_its_own_base(
    served: Served, version: str, rest: str
) -> None:
    assert served.asked(f"/lamps/v{version}/{rest}") == f"/lamps-{version}/{rest}"


@pytest.mark.parametrize("version", ["9", "10"])
@pytest.mark.parametrize("rest", ["", "things", f"things/a%20b{QUERY}"])
def test_a_version_by_header_is_asked_below_its_own_base(
    served: Served, version: str, rest: str
) -> None:
    found = served.asked(f"/prices/{rest}", api_version=version)
    assert found == f"/prices/v{version}/{rest}"


def test_the_newest_is_asked_where_none_is_named(served: Served) -> None:
    assert served.asked("/prices/things") == "/prices/v10/things"


def test_the_log_tells_the_path_that_the_caller_wrote(served: Served) -> None:
    served.asked("/prices/things", api_version="9")
    told = dict(served.upstream.last().headers)
    assert told["forecourt-path"] == "/prices/things"
