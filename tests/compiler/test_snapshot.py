"""The compiled estate: equal estates, equal bytes, one name."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.compiler.snapshot import contracts_of, snapshot
from forecourt.source.estate import read_estate
from tests.compiler.builders import (
    A_LENS,
    a_snapshot,
    an_edge,
    lowered,
    raised_api,
    some_keys,
)
from tests.governance.builders import a_partner, a_service, an_api, an_organization

PARTS = (an_api("payments"), an_api("users", "internal"), a_service(), a_partner())


@given(st.permutations(PARTS))
def test_the_order_in_which_things_are_declared_changes_nothing(parts: list[Any]) -> None:
    assert a_snapshot(an_edge(*parts)) == a_snapshot(an_edge(*PARTS))


def test_is_named_by_the_digest_of_its_content() -> None:
    made = a_snapshot(an_edge(*PARTS))
    assert re.fullmatch("[0-9a-f]{64}", made.digest)
    assert a_snapshot(an_edge(*PARTS)).digest == made.digest


@pytest.mark.parametrize(
    "changed",
    [
        an_edge(*PARTS, an_api("orders")),
        an_edge(an_organization(name="Other"), *PARTS),
        an_edge(*PARTS[1:]),
    ],
    ids=["an API more", "another organisation", "an API fewer"],
)
def test_another_edge_has_another_name(changed: Any) -> None:
    assert a_snapshot(changed).digest != a_snapshot(an_edge(*PARTS)).digest


def test_other_code_and_other_keys_have_another_name() -> None:
    edge = an_edge(*PARTS)
    first = a_snapshot(edge)
    assert snapshot(edge, some_keys(), lua_digest="other").digest != first.digest
    keys = replace(some_keys(), internal='{"keys": []}')
    assert snapshot(edge, keys, lua_digest="0123456789abcdef").digest != first.digest


def test_files_are_whole_json_with_sorted_keys() -> None:
    for name, content in a_snapshot(an_edge(*PARTS)).files.items():
        assert name.endswith(".json")
        document = json.loads(content)
        again = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert again.encode() == content


def test_no_path_is_absolute_and_no_private_key_rides_along() -> None:
    """A snapshot can be copied to a hundred machines."""
    everything = b"\n".join(a_snapshot(an_edge(*PARTS)).files.values()).decode()
    assert "PRIVATE KEY" not in everything
    for path in re.findall(r'(?<!"match":{)"(?:path|filename)":"([^"]*)"', everything):
        assert not path.startswith("/") or path.endswith("/"), path


ESTATE = {
    "forecourt.yaml": """\
organization: Acme
listeners:
  external: {address: 0.0.0.0:8443, hosts: [api.acme.example]}
  internal: {address: 127.0.0.1:9443, trust_domain: acme.example}
""",
    "services.yaml": "services: {orders: {identity: spiffe://acme.example/orders}}\n",
    "apis/users/api.yaml": """\
name: users
audience: internal
owner: {team: identity}
upstream: {url: http://users.svc:8080}
versioning: {scheme: none}
allow: [orders]
""",
}

REWRITTEN = {
    "services.yaml": '# Callers.\n\nservices:\n  orders:\n    identity: "spiffe://acme.example/orders"\n',
    "apis/users/api.yaml": """\
# The same API, written by somebody else.
versioning:
    scheme: "none"
allow:
- orders
upstream:
    url: 'http://users.svc:8080'
owner: {"team": "identity"}
audience:   internal
name: users
""",
    "forecourt.yaml": """\
listeners: {internal: {trust_domain: acme.example, address: "127.0.0.1:9443"},
            external: {hosts: ["api.acme.example"], address: "0.0.0.0:8443"}}   # both


organization: "Acme"
""",
}


def digest_of(files: dict[str, str]) -> str:
    estate, diagnostics = read_estate(files, None)
    assert diagnostics == ()
    return a_snapshot(lowered(estate)).digest


def test_the_same_estate_written_otherwise_has_the_same_digest() -> None:
    assert digest_of(ESTATE) == digest_of(REWRITTEN)
    other = ESTATE | {"services.yaml": ESTATE["services.yaml"].replace("/orders", "/other")}
    assert digest_of(other) == digest_of(ESTATE), "identities are entitlements, not configuration"
    renamed = ESTATE["apis/users/api.yaml"].replace("team: identity", "team: people")
    assert digest_of(ESTATE | {"apis/users/api.yaml": renamed}) != digest_of(ESTATE)


def test_a_snapshot_names_the_lenses_that_it_needs() -> None:
    edge = an_edge()
    assert contracts_of(replace(edge, apis=(raised_api(),))) == {A_LENS}
