"""What `forecourt exposure` finds by methods, at partners' hosts, at services and in the log."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from forecourt.edge.authority import KeyPair, LocalAuthority
from forecourt.edge.exposure import probes
from forecourt.edge.exposure.asking import Door
from forecourt.edge.exposure.probes import Edge, Target
from forecourt.edge.exposure.probing import probe_edge
from tests.cli.command import told
from tests.docs.pages import Block, blocks, is_as_printed, page, runs
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_contract, a_partner, an_api, an_estate, as_yaml
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.upstream import Upstream, an_upstream

# Another of this machine, as a network's would be: Linux has all of 127.0.0.0/8.
ANOTHER_ADDRESS = "127.0.0.2"


@dataclass(frozen=True, kw_only=True)
class Served:
    """`held` listens on loopback alone, `loose` everywhere; `certificates` are by partner."""

    gateway: Gateway
    held: Upstream
    loose: Upstream
    certificates: dict[str, KeyPair]

    def report(self, *options: str) -> tuple[Result, dict[str, Any]]:
        """What the command says, and its report."""
        result = self.gateway.run("exposure", *options)
        assert result.exit_code in {0, 1}, told(result)
        path = Path(result.stdout.splitlines()[-1].removeprefix("report: "))
        return result, json.loads(path.read_text())

    def as_partner(self, name: str, *, shown: str) -> tuple[Result, dict[str, Any]]:
        """Asked as a partner, with the certificate of one."""
        pair = self.certificates[shown]
        given = ("--certificate", str(pair.certificate), "--certificate-key", str(pair.key))
        return self.report("--no-upstreams", "--partner", name, *given)


def _certificate(folder: Path) -> KeyPair:
    authority = LocalAuthority(folder, "authority")
    authority.ensure(datetime.now(UTC))
    pair = KeyPair(certificate=folder / "client.pem", key=folder / "client.key")
    authority.client(pair, "https://partner.example/client", datetime.now(UTC))
    return pair


def _lamps() -> str:
    """As anybody's, but that `DELETE /things` is for colleagues."""
    contract = a_contract("Lamps")
    contract["paths"]["/things"]["delete"]["x-audience"] = "internal"
    return as_yaml(contract)


def _stock() -> str:
    contract = a_contract("Stock")
    return as_yaml({**contract, "paths": {"/things": contract["paths"]["/things"]}})


@pytest.fixture(scope="module")
def served(started_once: Started, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    names = ("one", "two")
    certificates = {name: _certificate(tmp_path_factory.mktemp(name)) for name in names}
    with an_upstream() as held, an_upstream("0.0.0.0") as loose:
        gateway = an_estate(
            apis={
                "lamps": an_api(upstream=f"{held.url}/lamps"),
                "prices": an_api("partner", upstream=f"{held.url}/prices"),
                "chairs": an_api("partner", upstream=f"{held.url}/chairs"),
                "stock": an_api("internal", upstream=f"{loose.url}/stock"),
            },
            partners={
                name: a_partner(
                    api,
                    id=f"partner_{name}",
                    certificates={"ca": f"certs/{name}.pem"},
                    rate_limit={"requests_per_minute": 100_000},
                )
                for name, api in (("one", "prices"), ("two", "chairs"))
            },
            files={
                "apis/lamps/openapi.yaml": _lamps(),
                "apis/stock/openapi.yaml": _stock(),
                **{
                    f"partners/certs/{name}.pem": pair.certificate.with_name(
                        "authority.pem"
                    ).read_text()
                    for name, pair in certificates.items()
                },
            },
            local=False,
        )
        started_once(gateway)
        yield Served(gateway=gateway, held=held, loose=loose, certificates=certificates)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a test takes a second: everything is asked for in `test_exposure.py`."""
    monkeypatch.setattr("forecourt.cli.exposure.MOST_TARGETS", 0)
    monkeypatch.setattr("forecourt.edge.own_addresses.own_addresses", lambda: (ANOTHER_ADDRESS,))


@pytest.fixture
def as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is asked for, in one spelling."""
    monkeypatch.setattr("forecourt.cli.exposure.MOST_TARGETS", 200)
    spelled = probes._spelled
    monkeypatch.setattr(probes, "_spelled", lambda target, edge: islice(spelled(target, edge), 1))


# --- by method ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "is_told"), [("DELETE", False), ("POST", True)])
def test_a_hidden_method_is_not_told_from_one_that_nobody_declared(
    served: Served, method: str, is_told: bool
) -> None:
    """One that is not hidden is; else nothing would be shown by that."""
    gateway = served.gateway
    key = gateway.a_key(application=f"audit-{method.lower()}")
    hidden = Target(
        api="lamps",
        path="/lamps/v1/things",
        known="/lamps/v1/",
        methods=(method,),
        unused="PROPFIND",
    )
    port = gateway.ports.external
    found = probe_edge(
        (hidden,),
        Edge(host="localhost", port=port, outside="/lamps/v1/", inside=()),
        Door(host="127.0.0.1", port=port, server_name="localhost"),
        salt="s",
        credential=(("x-api-key", key),),
    )
    assert found.requests == 4
    assert [("with the credential" in o.place) for o in found.openings] == [True, True] * is_told


# --- at partners' hosts ---------------------------------------------------------------------------


def test_nobody_else_is_known_at_a_partners_host_nor_its_certificate_elsewhere(
    served: Served, as_it_is: None
) -> None:
    result, report = served.as_partner("one", shown="one")
    assert result.exit_code == 0, told(result)
    asked = report["partner_hosts"]
    assert (asked["hosts"], asked["certificate_of"], asked["openings"]) == (2, "one", [])
    # Everything inside, and what is another partner's: over both protocols, by seven methods.
    assert asked["requests"] > 200
    assert asked["unjudged"] == 0
    assert "hosts of partners: 2" in result.stdout
    blocks = json.loads(served.gateway.run("block", "list", "--format", "json").stdout)
    assert {block["state"] for block in blocks} == {"spared"}  # nobody was taken for a scanner


def test_a_certificate_that_is_known_at_another_partners_host_is_an_opening(
    served: Served,
) -> None:
    """As if the authority of partner two had signed that of partner one."""
    result, report = served.as_partner("one", shown="two")
    assert result.exit_code == 1, told(result)
    (first, *_) = report["partner_hosts"]["openings"]
    assert "`two.localhost/`" in first["place"]
    assert "the host of partner `two` takes it for somebody known" in first["because"]


def test_a_partner_without_a_host_is_no_partner_to_ask_as(served: Served) -> None:
    pair = served.certificates["one"]
    given = ("--certificate", str(pair.certificate), "--certificate-key", str(pair.key))
    result = served.gateway.run("exposure", "--partner", "nobody", *given)
    assert result.exit_code == 2
    assert "no partner `nobody` has a host of its own" in result.stderr


# --- services, and what nobody declared -----------------------------------------------------------


def test_a_service_that_answers_past_the_gateway_is_an_opening_and_what_it_hides_is_told(
    served: Served,
) -> None:
    answer = served.gateway.call("/stock/reindex", service="orders")
    assert answer.status_code == 200
    served.gateway.logged(answer)
    served.loose.received.clear()
    result, report = served.report()
    assert result.exit_code == 1, told(result)
    (opening,) = report["upstreams"]["openings"]
    assert opening["place"] == f"{served.loose.url} of `stock`"
    assert f"it answers at {ANOTHER_ADDRESS} of this machine" in opening["because"]
    assert [(r.method, r.path) for r in served.loose.received] == [("GET", "/stock/")]
    looked = {each["upstream"]: each for each in report["upstreams"]["looked_at"]}
    assert looked[served.held.url]["asked"][ANOTHER_ADDRESS].startswith("no connection")
    assert len(report["upstreams"]["cannot_be_known_from_here"]) == 3
    assert {"api": "stock", "method": "GET", "path": "/stock/reindex", "times": 1} in report[
        "called_and_not_declared"
    ]
    assert "called, and declared by no contract: GET /stock/reindex of stock" in result.stdout


def test_no_service_is_asked_where_that_is_wanted(served: Served) -> None:
    served.loose.received.clear()
    result, report = served.report("--no-upstreams")
    assert result.exit_code == 0, told(result)
    assert report["upstreams"] is None
    assert served.loose.received == []


# --- the page -------------------------------------------------------------------------------------

EXAMPLES = tuple(blocks(page("docs/exposure.md"), "console"))


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Types what the page says, in a folder with the certificate of partner one."""

    served: Served
    folder: Path

    def types(self, command: str) -> str:
        if command.startswith("curl "):
            return self.served.gateway.call("/stock/reindex", service="orders").text
        typed, _, into = command.partition("#")[0].partition(" > ")
        *_, newest = sorted(self.served.gateway.state.glob("reports/exposure/*.json"))
        words = [str(newest) if "/reports/" in w else w for w in shlex.split(typed)]
        result = self.served.gateway.run(*words[1:])
        assert result.exit_code in {0, 1}, told(result)
        if into:
            (self.folder / into.strip()).write_text(result.stdout)
            return ""
        return result.stdout


def _shape(text: str) -> str:
    """Without what differs from run to run: numbers, addresses, and where the estate lies."""
    report = re.sub(r"\S*reports/exposure/[^\s:]+", "REPORT", text)
    return re.sub(r"[\d,.]*\d", "N", report)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda block: f"line {block.line}")
def test_the_page_shows_what_it_prints(
    served: Served,
    as_it_is: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    example: Block,
) -> None:
    pair = served.certificates["one"]
    shutil.copy(pair.certificate, tmp_path / "one.pem")
    shutil.copy(pair.key, tmp_path / "one.key")
    monkeypatch.chdir(tmp_path)
    if "declared on loopback" not in example.text:
        monkeypatch.setattr("forecourt.edge.own_addresses.own_addresses", tuple)
    served.report("--snapshot-only")
    for run in runs(example):
        said = Reader(served=served, folder=tmp_path).types(run.command)
        if "declared by no contract" not in example.text:  # an earlier test may have called it
            said = re.sub(r"called, and declared by no contract: .*\n", "", said)
        if run.prints:
            assert is_as_printed(_shape(run.prints), _shape(said)), f"{run.command}\n{said}"
