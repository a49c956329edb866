"""What certificates, keys and key sets hold is looked at before anybody serves with them."""

from __future__ import annotations

import json
from datetime import timedelta

from joserfc.jwk import ECKey

from forecourt.actions.key_files import ending_key_files, unusable_key_files
from forecourt.estate.organization import CertificateFiles
from tests.edge.test_lasting import NOW, a_certificate
from tests.edge.test_pem import GOOD, GOOD_KEY, P384, a_certificate_of, a_key_of
from tests.governance.builders import (
    a_partner,
    an_estate,
    an_external_listener,
    an_internal_listener,
    an_issuer,
    an_organization,
    some_certificates,
)

_ESTATE = an_estate(
    an_organization(
        external=an_external_listener(tls=CertificateFiles(certificate="a.pem", key="a.key")),
        internal=an_internal_listener(
            tls=CertificateFiles(certificate="b.pem", key="b.key"), client_ca="mesh.pem"
        ),
        issuers=(an_issuer(), an_issuer("filed", jwks="jwks.json")),
    ),
    a_partner(certificates=some_certificates("acme.pem")),
)
_KEYS = json.dumps({"keys": [ECKey.generate_key("P-256").as_dict(private=False)]}).encode()
_GOOD = {
    "a.pem": GOOD,
    "a.key": GOOD_KEY,
    "b.pem": a_certificate_of(P384),
    "b.key": a_key_of(P384),
    "mesh.pem": GOOD,
    "jwks.json": _KEYS,
    "acme.pem": GOOD,
}


def test_says_nothing_of_good_ones() -> None:
    assert unusable_key_files(_ESTATE, _GOOD.get) == {}


def test_says_what_is_wrong_with_each() -> None:
    junk = dict.fromkeys(_GOOD, b"junk")
    no_certificate, no_key = "it holds no certificate in PEM", "it holds no private key in PEM"
    found = unusable_key_files(_ESTATE, junk.get)
    assert found.pop("jwks.json").startswith("it is no JSON: ")
    assert found == {
        **dict.fromkeys(("a.pem", "b.pem", "mesh.pem", "acme.pem"), no_certificate),
        **dict.fromkeys(("a.key", "b.key"), no_key),
    }


def test_a_key_belongs_to_the_certificate_beside_it() -> None:
    mixed = {**_GOOD, "a.key": _GOOD["b.key"]}
    assert unusable_key_files(_ESTATE, mixed.get) == {
        "a.key": "it is the key of another certificate"
    }


def test_of_a_certificate_that_is_none_nothing_more_is_said_at_its_key() -> None:
    assert set(unusable_key_files(_ESTATE, {**_GOOD, "a.pem": b""}.get)) == {"a.pem"}


def test_what_cannot_be_read_is_left_to_others() -> None:
    assert unusable_key_files(_ESTATE, {}.get) == {}


def test_says_on_which_day_those_end_that_end_soon() -> None:
    ends = {"a.pem": 20, "b.pem": 300, "mesh.pem": -3}
    held = {**_GOOD, **{path: a_certificate(days) for path, days in ends.items()}, "a.key": b""}
    assert ending_key_files(_ESTATE, {**held, "acme.pem": b"junk"}.get, NOW.date()) == {
        "a.pem": (NOW + timedelta(days=20)).date(),
        "mesh.pem": (NOW - timedelta(days=3)).date(),
    }
