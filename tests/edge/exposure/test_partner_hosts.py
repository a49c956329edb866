"""A partner's host knows its partner alone."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from forecourt.edge.authority import KeyPair
from forecourt.edge.exposure.asking import Answer, Door
from forecourt.edge.exposure.partner_hosts import (
    PartnerHost,
    PartnersAsked,
    Visitor,
    ask_partner_hosts,
)
from forecourt.edge.exposure.probes import Probe
from forecourt.edge.exposure.probing import Fields

DOOR = Door(host="127.0.0.1", port=8443, server_name="api.acme.example")
HOSTS = (
    PartnerHost(partner="one", host="one.api.acme.example"),
    PartnerHost(partner="two", host="two.api.acme.example"),
)
NOBODY = Visitor(words="without a certificate", certificate=None)
ONE = KeyPair(certificate=Path("one.pem"), key=Path("one.key"))
KNOWN = ("one", Visitor(words="with that of one", certificate=ONE))


@dataclass
class Speaking:
    """An edge that answers so, by host and certificate."""

    door: Door
    says: Callable[[str, KeyPair | None], Answer]

    def ask(self, probe: Probe, fields: Fields) -> Answer:
        return self.says(self.door.server_name, self.door.certificate)


def asked(
    says: Callable[[str, KeyPair | None], Answer], known: tuple[str, Visitor] | None = None
) -> PartnersAsked:
    return ask_partner_hosts(
        HOSTS,
        (NOBODY,),
        DOOR,
        path="/pay/v1/",
        known=known,
        ask=lambda door: (("HTTP/1.1", Speaking(door, says)),),
    )


def test_where_a_stranger_is_turned_away_nothing_is_open() -> None:
    for answer in (Answer(status=None), Answer(status=401), Answer(status=421)):
        found = asked(lambda _, __, a=answer: a)
        assert (found.hosts, found.requests, found.openings) == (2, 4, ())


@pytest.mark.parametrize("status", [200, 404, 429, 500])
def test_where_it_is_taken_for_somebody_it_is_an_opening(status: int) -> None:
    """Whoever reads 404 has been recognised: strangers read 401."""
    says = lambda host, _: Answer(status=status if host.startswith("two") else None)  # noqa: E731
    found = asked(says)
    assert {o.place for o in found.openings} == {
        f"`two.api.acme.example{path}` over HTTP/1.1, without a certificate"
        for path in ("/", "/pay/v1/")
    }
    assert found.openings[0].because.startswith("the host of partner `two` takes it for somebody")


def test_a_certificate_is_shown_at_the_others_and_not_at_its_own() -> None:
    shown: list[str] = []

    def says(host: str, certificate: KeyPair | None) -> Answer:
        if certificate is ONE:
            shown.append(host)
        return Answer(status=401)

    assert asked(says, KNOWN).openings == ()
    assert set(shown) == {"two.api.acme.example", "api.acme.example"}


def test_one_that_counts_at_the_host_of_everybody_is_an_opening() -> None:
    found = asked(lambda _, c: Answer(status=404 if c is ONE else 401), KNOWN)
    because = {o.because for o in found.openings}
    assert "its certificate counts at a host of everybody: 404, not 401" in because


def test_a_handshake_that_ends_is_a_refusal_and_nobody_who_listens_is_not() -> None:
    def ends(_: str, __: KeyPair | None) -> Answer:
        raise ssl.SSLError("certificate required")

    def is_gone(_: str, __: KeyPair | None) -> Answer:
        raise ConnectionRefusedError

    assert asked(ends).openings == ()
    with pytest.raises(ConnectionRefusedError):
        asked(is_gone)
