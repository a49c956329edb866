"""Services that answer past the gateway."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pytest

from forecourt.edge.exposure.upstreams import (
    MOST_UPSTREAMS,
    DeclaredUpstream,
    Reach,
    Said,
    Upstreams,
    ask_upstreams,
    declared_upstreams,
    reach_of,
)

EVERYWHERE = "93.184.215.14"
OWN = ("10.0.0.9",)


@dataclass
class Services:
    """What names mean, and what services say at an address; elsewhere nobody listens."""

    names: Mapping[str, Collection[str]] = field(default_factory=dict)
    answers: Mapping[str, Said] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def resolve(self, host: str, port: int) -> Collection[str]:
        if host not in self.names:
            raise OSError("no such name")
        return self.names[host]

    def knock(self, upstream: DeclaredUpstream, address: str) -> Said:
        self.asked.append((upstream.host, address))
        return self.answers.get(address, Said(refused="no connection"))

    def found(self, *upstreams: DeclaredUpstream, most: int | None = MOST_UPSTREAMS) -> Upstreams:
        return ask_upstreams(
            upstreams or (a_service(),),
            resolve=self.resolve,
            knock=self.knock,
            own=OWN,
            salt="s",
            most=most,
        )


def a_service(host: str = "users.svc", port: int = 8080) -> DeclaredUpstream:
    return DeclaredUpstream(host=host, port=port, tls=False, base="/", apis=("users",))


@pytest.mark.parametrize(
    "address",
    [
        *("10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "169.254.1.1"),
        *(
            "fd12::1",
            "fe80::1",
            "fe80::1%eth0",
            "::ffff:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "192.0.2.1",
            "224.0.0.1",
        ),
    ],
)
def test_a_network_inside_is_not_everywhere(address: str) -> None:
    assert reach_of(address) is Reach.INSIDE


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1", "0.0.0.0"]
)
def test_loopback_is_this_machine(address: str) -> None:
    assert reach_of(address) is Reach.MACHINE


@pytest.mark.parametrize(
    "address", [EVERYWHERE, "172.32.0.1", "100.128.0.1", "2606:2800::1", "64:ff9b::93.184.215.14"]
)
def test_any_other_is_for_everywhere(address: str) -> None:
    assert reach_of(address) is Reach.EVERYWHERE


def test_a_service_that_answers_where_everybody_may_call_is_an_opening() -> None:
    services = Services({"users.svc": [EVERYWHERE]}, {EVERYWHERE: Said(answer="404")})
    (opening,) = services.found().openings
    assert opening.place == "http://users.svc:8080 of `users`"
    assert opening.because == (
        f"it answers past the gateway, at {EVERYWHERE}, which is for everywhere: 404"
    )


def test_one_that_refuses_there_is_none() -> None:
    services = Services({"users.svc": [EVERYWHERE]}, {EVERYWHERE: Said(refused="401")})
    found = services.found()
    assert found.openings == ()
    assert found.looked[0].asked == {EVERYWHERE: "401"}


def test_one_inside_is_not_asked_and_the_report_says_where_it_is() -> None:
    services = Services({"users.svc": ["10.1.2.3"]}, {"10.1.2.3": Said(answer="200")})
    found = services.found()
    assert (found.openings, services.asked) == ((), [])
    assert found.looked[0].reach == "a network inside"


def test_one_on_loopback_is_asked_at_the_other_addresses_of_this_machine() -> None:
    services = Services({"localhost": ["127.0.0.1", "::1"]}, {"10.0.0.9": Said(answer="200")})
    (opening,) = services.found(a_service("localhost")).openings
    assert services.asked == [("localhost", "10.0.0.9")]
    assert "declared on loopback, it answers at 10.0.0.9" in opening.because


def test_one_on_loopback_alone_is_none() -> None:
    services = Services({"localhost": ["127.0.0.1"]})
    found = services.found(a_service("localhost"))
    assert found.openings == ()
    assert found.looked[0].asked == {"10.0.0.9": "no connection"}


def test_one_of_several_addresses_that_answers_is_enough() -> None:
    services = Services(
        {"users.svc": ["10.1.2.3", EVERYWHERE, "93.184.215.15"]},
        {"93.184.215.15": Said(answer="200")},
    )
    assert len(services.found().openings) == 1
    assert len(services.asked) == 2


def test_a_name_that_means_nothing_here_is_told() -> None:
    (looked,) = Services().found().looked
    assert (looked.reach, looked.addresses) == ("its name has no address here", ())


def test_nothing_but_what_is_declared_is_asked() -> None:
    services = Services({"users.svc": [EVERYWHERE], "other.svc": ["8.8.8.8"]})
    services.found()
    assert services.asked == [("users.svc", EVERYWHERE)]


def test_beyond_so_many_the_rest_is_counted() -> None:
    services = Services({f"s{n}.svc": [EVERYWHERE] for n in range(9)})
    found = services.found(*(a_service(f"s{n}.svc") for n in range(9)), most=5)
    assert (len(found.looked), found.left_out, len(services.asked)) == (5, 4, 5)


def test_once_stopped_asks_nothing_more() -> None:
    services = Services({"users.svc": [EVERYWHERE]})
    found = ask_upstreams(
        (a_service(),),
        resolve=services.resolve,
        knock=services.knock,
        own=(),
        salt="s",
        is_stopped=lambda: True,
    )
    assert (services.asked, found.left_out) == ([], 1)


def test_one_that_is_stopped_at_asks_it_nowhere_else() -> None:
    services = Services({"users.svc": [EVERYWHERE, "93.184.215.15"]})
    found = ask_upstreams(
        (a_service(),),
        resolve=services.resolve,
        knock=services.knock,
        own=(),
        salt="s",
        is_stopped=lambda: bool(services.asked),
    )
    assert (len(services.asked), found.openings) == (1, ())
    assert "not asked any more" in found.looked[0].asked.values()


def test_versions_of_one_service_are_one() -> None:
    found = declared_upstreams(
        [
            ("users.svc", 80, False, "/v2/", "users"),
            ("USERS.svc", 80, False, "/v1/", "people"),
            ("users.svc", 80, True, "/", "users"),
        ]
    )
    assert [(u.name, u.base, u.apis) for u in found] == [
        ("http://users.svc:80", "/v1/", ("people", "users")),
        ("https://users.svc:80", "/", ("users",)),
    ]


def test_an_ipv6_address_is_written_as_urls_have_it() -> None:
    assert a_service("::1").name == "http://[::1]:8080"
