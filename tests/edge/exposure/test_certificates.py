"""Whoever is taken for a partner has shown the partner's certificate."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from forecourt.edge.exposure.certificates import certificate_openings
from forecourt.edge.exposure.configuration import Chain, Configuration
from tests.compiler.builders import a_snapshot, an_edge
from tests.governance.builders import a_partner, an_api, some_certificates


def compiled() -> dict[str, Any]:
    """With a partner by authority, and one by fingerprint."""
    made = a_snapshot(
        an_edge(
            an_api(),
            a_partner("one", certificates=some_certificates("partners/one.pem")),
            a_partner("two", certificates=some_certificates(None, "ab" * 32)),
        )
    )
    return {name: json.loads(content) for name, content in made.files.items()}


def found(files: dict[str, Any]) -> list[str]:
    configuration = Configuration({name: json.dumps(x).encode() for name, x in files.items()})
    outside = [c for c in configuration.chains() if c.listener == "external"]
    assert len(outside) == 3
    return [b for c in outside for b in certificate_openings(c, configuration.secrets())]


def chain_of_one(files: dict[str, Any]) -> Any:
    (listener,) = (x for x in files["listeners.json"]["resources"] if x["name"] == "external")
    return next(c for c in listener["filter_chains"] if "one." in str(c.get("filter_chain_match")))


def tls_of_one(files: dict[str, Any]) -> Any:
    return chain_of_one(files)["transport_socket"]["typed_config"]


def trust(name: str, files: dict[str, Any]) -> Any:
    return files[f"secret-partner-{name}.json"]["resources"][0]["validation_context"]


def manager(files: dict[str, Any]) -> Any:
    return chain_of_one(files)["filters"][0]["typed_config"]


def test_what_was_compiled_is_closed() -> None:
    assert found(compiled()) == []


OPENED: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "no certificate is demanded": (
        lambda f: tls_of_one(f).pop("require_client_certificate"),
        "certificates count there, and none is demanded",
    ),
    "no authority": (
        lambda f: trust("one", f).clear(),
        "certificates count there, whoever made them",
    ),
    "no fingerprint": (
        lambda f: trust("two", f).pop("verify_certificate_hash"),
        "certificates count there, whoever made them",
    ),
    "an authority that is not heeded": (
        lambda f: trust("one", f).update(trust_chain_verification="ACCEPT_UNTRUSTED"),
        "certificates count there, whoever made them",
    ),
    "nothing to check by": (
        lambda f: tls_of_one(f)["common_tls_context"].pop("validation_context_sds_secret_config"),
        "certificates count there, whoever made them",
    ),
    "the authority of services": (
        lambda f: tls_of_one(f)["common_tls_context"][
            "validation_context_sds_secret_config"
        ].update(name="mesh"),
        "certificates of services inside count there",
    ),
    "callers say it": (
        lambda f: manager(f).update(forward_client_cert_details="APPEND_FORWARD"),
        "callers themselves say which certificate they have",
    ),
}


@pytest.mark.parametrize("opened", OPENED)
def test_finds(opened: str) -> None:
    files = copy.deepcopy(compiled())
    change, said = OPENED[opened]
    change(files)
    assert found(files) == [said]


def test_where_no_certificate_is_told_of_none_has_to_be_demanded() -> None:
    chain = Chain(listener="external", place="x", type="HttpConnectionManager", filter={}, tls={})
    assert list(certificate_openings(chain, {})) == []
