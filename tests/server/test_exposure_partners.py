"""What a partner is asked for at its own host."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from forecourt.edge.authority import KeyPair
from forecourt.edge.exposure.asking import Door
from forecourt.edge.exposure.guarded import Guarded, GuardedOperation, Opening
from forecourt.edge.exposure.partner_hosts import PartnersAsked
from forecourt.edge.exposure.probes import Edge, Target
from forecourt.edge.exposure.probing import Probed
from forecourt.edge.exposure.proof import Proof
from forecourt.estate.audience import Audience
from forecourt.server import exposure_partners
from forecourt.server.exposure_partners import AtPartners, ShownCertificate, ask_partners
from tests.actions.builders import NOW
from tests.compiler.builders import lowered_callers
from tests.governance.builders import a_partner, some_certificates

INSIDE = Target(api="users", path="/users/v1/")
PAIR = KeyPair(certificate=Path("one.pem"), key=Path("one.key"))
STANDING = (("/chairs/v1/", "chairs", "1"), ("/prices/v1/", "prices", "1"))


def at(standing: tuple[tuple[str, str, str], ...] = STANDING) -> AtPartners:
    chairs = Guarded(
        name="chairs",
        audience=Audience.PARTNER,
        places=frozenset(),
        released=frozenset({"1"}),
        operations=(
            GuardedOperation(
                version="1", method="POST", template="/seats", audience=Audience.PARTNER
            ),
        ),
    )
    return AtPartners(
        door=Door(host="127.0.0.1", port=8443, server_name="api.acme.example"),
        edge=Edge(host="api.acme.example", port=8443, outside="/chairs/v1/", inside=()),
        inside=(INSIDE,),
        proof=Proof(chains=1, routes=2, openings=(), narrower=(), outside=standing, inside=()),
        apis=(chairs,),
    )


@dataclass
class Probing:
    """Remembers what is asked, and finds one opening."""

    asked: list[tuple[Collection[Target], Edge, Door]] = field(default_factory=list)

    def probe(self, wanted: Collection[Target], edge: Edge, door: Door) -> Probed:
        self.asked.append((wanted, edge, door))
        return Probed(
            targets=len(wanted),
            requests=9,
            unjudged=2,
            left_out=0,
            unread=(),
            openings=(Opening(place="`/x`", because="it is answered: 200"),),
        )


@pytest.fixture(autouse=True)
def hosts_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = PartnersAsked(hosts=1, requests=4, openings=())
    monkeypatch.setattr(exposure_partners, "ask_partner_hosts", lambda *_, **__: closed)


def found(
    probing: Probing, at_partners: AtPartners, shown: ShownCertificate | None
) -> PartnersAsked:
    one = a_partner(
        "one", apis={"prices": ("1",)}, certificates=some_certificates("partners/one.pem")
    )
    partners = lowered_callers(one).partners
    return ask_partners(partners, at_partners, shown, probe=probing.probe, now=NOW)


SHOWN = ShownCertificate(partner="one", pair=PAIR)


def test_it_is_asked_for_what_is_inside_and_for_what_its_contract_does_not_name() -> None:
    probing = Probing()
    asked = found(probing, at(), SHOWN)
    ((wanted, edge, door),) = probing.asked
    assert set(wanted) == {
        INSIDE,
        Target(api="chairs", path="/chairs/v1/"),
        Target(api="chairs", path="/chairs/v1/seats", methods=("POST",)),
    }
    assert (edge.host, edge.outside) == ("one.api.acme.example", "/prices/v1/")
    assert (door.server_name, door.certificate) == ("one.api.acme.example", PAIR)
    assert (asked.requests, asked.unjudged) == (13, 2)
    assert [o.place for o in asked.openings] == ["as partner `one`: `/x`"]


def test_a_version_that_its_contract_does_not_name_is_another() -> None:
    probing = Probing()
    found(probing, at((("/prices/v1/", "prices", "1"), ("/prices/v2/", "prices", "2"))), SHOWN)
    ((wanted, _, _),) = probing.asked
    assert {target.path for target in wanted} == {INSIDE.path, "/prices/v2/"}


def test_without_its_certificate_only_its_host_is_asked() -> None:
    probing = Probing()
    assert found(probing, at(), None).requests == 4
    assert probing.asked == []
