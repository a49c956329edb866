"""Production: the unit is one, certificates are renewed, and what is backed up comes back."""

from __future__ import annotations

import configparser
import shlex
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from forecourt.edge.authority import KeyPair, LocalAuthority
from tests.cli.command import forecourt
from tests.docs.estates import a_gateway
from tests.docs.pages import Block, blocks, first_column, is_as_printed, page, runs, section
from tests.docs.terminal import Terminal, a_terminal
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway
from tests.store.postgres import programs, running_postgres

PAGE = page("docs/guides/production.md")
GUIDE = page("docs/guide.md")


def unit() -> str:
    (block,) = blocks(PAGE, "ini")
    return block.text


# --- the unit -------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    here = unit().replace("/opt/forecourt/current/bin/", f"{Path(sys.executable).parent}/")
    path = tmp_path / "forecourt.service"
    path.write_text(here.replace("User=forecourt", "User=daemon"))
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in told.stderr.splitlines() if "forecourt" in line]
    assert complaints == []


def test_the_unit_starts_a_command_that_there_is() -> None:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[method-assign, assignment]
    parser.read_string(unit())
    program, verb, *options = shlex.split(parser["Service"]["ExecStart"])
    assert program.endswith("/bin/forecourt")
    assert forecourt(verb, "--help").exit_code == 0
    assert options == ["--env", "prod", "/etc/forecourt/estate"]
    assert all(option in forecourt(verb, "--help").stdout for option in options[:1])


# --- an environment, and its certificates ---------------------------------------------------------


@contextmanager
def in_production() -> Iterator[Gateway]:
    """The guide's estate with `--env prod`, its certificates signed by an authority of its own."""
    with a_gateway(GUIDE) as gateway:
        for address, port in (
            ("0.0.0.0:443", gateway.ports.external),
            ("10.0.0.5:9443", gateway.ports.internal),
        ):
            gateway.change("forecourt.prod.yaml", address, f"127.0.0.1:{port}")
        gateway.local = False
        gateway.environment_name = "prod"
        authority = an_authority(gateway.home / "pki")
        gateway.save("certs/mesh-ca.pem", authority.certificate.read_text())
        for name, host in (("api", "api.lamps.example"), ("gateway", "gateway.lamps.internal")):
            signed(authority, gateway.estate / "certs" / name, host)
        # Nothing on the network is asked for.
        text = gateway.read("forecourt.yaml")
        gateway.save("forecourt.yaml", text.partition("identity:")[0])
        yield gateway


def an_authority(folder: Path) -> LocalAuthority:
    authority = LocalAuthority(folder, "own")
    authority.ensure(datetime.now(UTC))
    return authority


def signed(authority: LocalAuthority, target: Path, host: str) -> None:
    pair = KeyPair(certificate=target.with_suffix(".pem"), key=target.with_suffix(".key"))
    for path in (pair.key, pair.certificate):
        path.unlink(missing_ok=True)
    authority.server(pair, (host,), datetime.now(UTC))


def shown(gateway: Gateway) -> str:
    """The certificate that callers outside are shown."""
    return ssl.get_server_certificate(("127.0.0.1", gateway.ports.external))


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("first", "second"), [(".key", ".pem"), (".pem", ".key")])
def test_a_renewed_certificate_is_shown_and_open_connections_stay(first: str, second: str) -> None:
    with in_production() as gateway:
        follow(next(blocks(section(PAGE, "Environments"), "console")), gateway)
        gateway.start()
        own = gateway.estate / "certs" / "api.pem"
        assert shown(gateway) == own.read_text()
        trusted = ssl.create_default_context(cafile=gateway.home / "pki" / "own.pem")
        name = {"sni_hostname": "api.lamps.example"}
        with httpx.Client(verify=trusted, trust_env=False) as client:

            def status() -> int:
                url = f"https://127.0.0.1:{gateway.ports.external}/lamps/v1/lamps"
                return client.get(
                    url, headers={"host": "api.lamps.example"}, extensions=name
                ).status_code

            assert status() == 401
            old, fresh = own.read_text(), gateway.home / "api"
            signed(an_authority(gateway.home / "pki"), fresh, "api.lamps.example")
            half = fresh.with_suffix(first).read_bytes()
            gateway.save(f"certs/api{first}", half.decode())
            in_place = gateway.state / "tls"
            eventually(
                lambda: any(p.read_bytes() == half for p in in_place.glob("[!.]*")),
                what="the first half alone",
            )
            assert shown(gateway) == old  # half of a pair is of no use, and so not used
            gateway.save(f"certs/api{second}", fresh.with_suffix(second).read_text())
            eventually(lambda: shown(gateway) == own.read_text(), what="the new certificate")
            assert own.read_text() != old
            assert status() == 401
        follow(next(blocks(section(PAGE, "Changes"), "console")), gateway)


# --- backup and restore ---------------------------------------------------------------------------

FILES, SQLITE, POSTGRES = tuple(blocks(section(PAGE, "Backup"), "console"))
FILES_BACK, SQLITE_BACK, POSTGRES_BACK = tuple(blocks(section(PAGE, "Restore"), "console"))


@contextmanager
def a_shell(gateway: Gateway) -> Iterator[Terminal]:
    """One with PostgreSQL's own programs, of the server's version, on its path."""
    with a_terminal(gateway.estate, gateway.settings) as terminal:
        terminal.types(f"export PATH={programs()}:$PATH")
        yield terminal


def follow(block: Block, gateway: Gateway) -> None:
    """Types the commands of a block, its folders being those of a test."""
    with a_shell(gateway) as terminal:
        for run in runs(block):
            command = run.command.replace("/var/lib/forecourt", str(gateway.state))
            command = command.replace("/var/backups/forecourt", str(gateway.home / "backup"))
            said = terminal.types(command)
            if run.prints.strip():
                assert is_as_printed(run.prints, said), f"{run.command}\n--- says\n{said}"
            assert terminal.types("echo $?").strip() == "0", f"{run.command}\n--- says\n{said}"


def survives(gateway: Gateway, back_up: tuple[Block, ...], restore: tuple[Block, ...]) -> None:
    """A key from before the backup counts afterwards, one from after it never was."""

    def status(key: str) -> int:
        return gateway.call("/lamps/v1/lamps", key=key, host="api.lamps.example").status_code

    gateway.start()
    before, revoked = gateway.a_key(developer="ada"), gateway.a_key(developer="lin")
    authority = gateway.authority.read_text()
    for block in back_up:
        follow(block, gateway)
    after = gateway.a_key(developer="eve")
    gateway.forecourt("key", "revoke", revoked)
    assert is_accepted(status(before))
    gateway.forecourt("narrow", "lamps", "--to", "internal", "--because", "after the backup")
    eventually(lambda: status(before) == 404, what="lamps is closed")
    gateway.stop()
    for block in restore:
        follow(block, gateway)
    gateway.forecourt("key", "revoke", revoked)  # as the page says, before the start
    gateway.start()
    assert gateway.authority.read_text() == authority
    assert is_accepted(status(before))
    assert status(after) == 401
    assert status(revoked) == 401
    assert " narrow " not in gateway.forecourt("revisions").stdout


def is_accepted(status: int) -> bool:
    """Whether it is what a caller gets who may call: there is no service behind it."""
    return status == 503


@contextmanager
def to_be_lost() -> Iterator[Gateway]:
    with a_gateway(GUIDE) as gateway:
        gateway.local = False
        text = gateway.read("forecourt.yaml")
        gateway.save("forecourt.yaml", text.partition("identity:")[0])
        yield gateway


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_what_is_backed_up_comes_back_with_sqlite() -> None:
    with to_be_lost() as gateway:
        survives(gateway, (FILES, SQLITE), (FILES_BACK, SQLITE_BACK))


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_what_is_backed_up_comes_back_with_postgresql() -> None:
    with ExitStack() as stack:
        server = stack.enter_context(running_postgres())
        create = "CREATE DATABASE forecourt"
        psql = [programs() / "psql", server.format("postgres"), "--command", create]
        subprocess.run(psql, check=True, capture_output=True)
        gateway = stack.enter_context(to_be_lost())
        gateway.environment = {"FORECOURT_DATABASE_URL": server.format("forecourt")}
        survives(gateway, (FILES, POSTGRES), (FILES_BACK, POSTGRES_BACK))


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_its_table_has_everything_that_the_state_folder_has() -> None:
    with a_gateway(GUIDE) as gateway:
        gateway.start()
        key = gateway.a_key(developer="ada")[:12]
        with a_terminal(gateway.estate, gateway.settings) as terminal:
            terminal.types(f"export PATH={programs()}:$PATH")
            assert "upstream" in terminal.types(f"forecourt why --as {key} GET /lamps/v1/lamps")
        kept = {p.name for p in gateway.state.iterdir() if not p.name.startswith(".")}
        told_of = {name.strip("/") for name in first_column(section(PAGE, "The state folder"))}
        assert "explained" in kept
        assert kept - told_of == set()
        assert gateway.state.stat().st_mode & 0o077 == 0
