"""`forecourt exposure`: show that nothing narrower is open outside, or what is."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from forecourt.actions.exposure_report import ExposureReport, NoKeys, is_signed
from forecourt.actions.spare_key import spare_certificate, spare_key
from forecourt.bootstrap import World, looking, publisher
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.progress import Progress
from forecourt.cli.record import on_record
from forecourt.cli.render import printable
from forecourt.edge.authority import KeyPair
from forecourt.edge.exposure.probing import MOST_TARGETS, Pace
from forecourt.edge.exposure.upstreams import MOST_UPSTREAMS, Upstreams
from forecourt.edge.exposure_reports import SIGNATURE_SUFFIX
from forecourt.edge.pem import fingerprint
from forecourt.server.exposure import Asked, NothingServed, look
from forecourt.server.exposure_partners import NoSuchPartnerHost, ShownCertificate

app = typer.Typer(help="Show that nothing narrower is open outside, or what is.")

_MOST_OPENINGS = 50
_MOST_SHADOWS = 10
_MOST_FOR_ANYBODY = 10
_MOST_PORT = 65_535


@app.callback(invoke_without_command=True)
def exposure(
    context: typer.Context,
    key: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Ask with the API key in this file too; `-` reads stdin."
        ),
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Ask there; else at the listener's own address."),
    ] = None,
    snapshot_only: Annotated[
        bool, typer.Option("--snapshot-only", help="Judge what Envoy is told, and ask nobody.")
    ] = False,
    no_upstreams: Annotated[
        bool, typer.Option("--no-upstreams", help="Ask no service whether it answers by itself.")
    ] = False,
    safe: Annotated[
        bool,
        typer.Option(
            "--safe", help="Ask by no method that may change something: GET, HEAD, OPTIONS."
        ),
    ] = False,
    partner: Annotated[
        str | None,
        typer.Option(help="Ask as this partner too, with its certificate, at its own host."),
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The partner's certificate (PEM)."),
    ] = None,
    certificate_key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Its private key (PEM); else it lies in the same file."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Ask for all that is inside; else for 200 things a run.")
    ] = False,
    estate: EstateFolder = Path(),
) -> None:
    """Judge what is served, ask the running edge in every spelling, and write a signed report."""
    if context.invoked_subcommand is not None:
        return
    given = None if key is None else _key(key)
    asked = Asked(
        is_asked=not snapshot_only,
        asks_upstreams=not snapshot_only and not no_upstreams,
        address=None if address is None else _address(address),
        credential=() if given is None else (("x-api-key", given),),
        partner=_shown(partner, certificate, certificate_key),
        most_upstreams=None if everything else MOST_UPSTREAMS,
        pace=Pace(most=None if everything else MOST_TARGETS, is_safe_only=safe),
    )

    async def verb(world: World) -> None:
        progress = Progress("looking")
        with progress:
            examined, _ = await publisher(world).examine()
            progress("asking the edge")
            record = on_record(world, "`forecourt exposure` asks with it")
            blocks, entropy = world.store.blocks, world.entropy
            if given is not None:
                keys = world.store.credentials
                await spare_key(given, record, keys=keys, blocks=blocks, entropy=entropy)
            if certificate is not None:
                shown = fingerprint(certificate.read_bytes())
                await spare_certificate(shown, record, blocks=blocks, entropy=entropy)
            try:
                report, path = await look(examined, looking(world), asked)
            except NothingServed:
                refuse("nothing was published yet; start with `forecourt up`", ExitCode.USAGE)
            except NoSuchPartnerHost:
                refuse(
                    f"no partner `{printable(partner or '')}` has a host of its own: one whose "
                    "file names its `certificates` does",
                    ExitCode.USAGE,
                )
        for line in (*opening_lines(report), *_summary(report, path)):
            typer.echo(line)
        if report.openings:
            raise typer.Exit(ExitCode.FINDINGS)
        if report.unprobed and asked.is_asked:
            refuse(f"not all was asked: {report.unprobed}", ExitCode.WORLD_FAILED)

    against_store(estate, verb)


@app.command()
def check(
    report: Annotated[Path, typer.Argument(help="The report; its signature lies beside it.")],
    keys: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The public keys (JWKS) that may have signed it."),
    ] = None,
    estate: EstateFolder = Path(),
) -> None:
    """Check that a report is as it was signed, with this gateway's key or one of others."""
    content = report.read_bytes()
    signed = report.with_name(report.name + SIGNATURE_SUFFIX).read_bytes()

    def tell(jwks: str) -> None:
        try:
            is_theirs = is_signed(content, signed.decode(errors="replace"), jwks)
        except NoKeys:
            refuse(f"`{keys}` is no JWKS; `forecourt exposure keys` prints one", ExitCode.USAGE)
        if not is_theirs:
            refuse(f"`{report}` is not what that key signed", ExitCode.FINDINGS)
        typer.echo(f"{report}: as it was signed")

    async def verb(world: World) -> None:
        tell(world.signing_keys.exposure_reports().jwks())

    if keys is None:
        against_store(estate, verb)
    else:
        tell(keys.read_bytes().decode(errors="replace"))


@app.command(name="keys")
def keys_(estate: EstateFolder = Path()) -> None:
    """Print the public key that reports are signed with, as a JWKS."""

    async def verb(world: World) -> None:
        typer.echo(world.signing_keys.exposure_reports().jwks())

    against_store(estate, verb)


def opening_lines(report: ExposureReport) -> Iterator[str]:
    """What is open, a line each."""
    for opening in report.openings[:_MOST_OPENINGS]:
        yield printable(f"  + {opening}")
    if len(report.openings) > _MOST_OPENINGS:
        yield f"  + and {len(report.openings) - _MOST_OPENINGS} more, in the report"


def _summary(report: ExposureReport, path: Path) -> Iterator[str]:
    proof, probed = report.proof, report.probed
    count = len(report.openings)
    found = f"{count:,} opening{'s' if count != 1 else ''}" if count else "nothing is open"
    yield f"{found}: {proof.routes} routes judged" + (
        ""
        if probed is None
        else f", {probed.requests:,} requests refused, for {probed.targets} things inside"
    )
    unjudged = sum(asked.unjudged for asked in (probed, report.partners) if asked is not None)
    if unjudged:
        yield f"{unjudged:,} more were not judged: the edge was too busy to say"
    if probed is not None and probed.left_out:
        yield f"{probed.left_out:,} targets were left out; `--all` asks for them too"
    for operation in proof.anybody[:_MOST_FOR_ANYBODY]:
        yield printable(f"anybody may call, without a credential: {operation}")
    if len(proof.anybody) > _MOST_FOR_ANYBODY:
        yield f"and {len(proof.anybody) - _MOST_FOR_ANYBODY} more, in the report"
    if report.partners is not None and report.partners.hosts:
        hosts, requests = report.partners.hosts, report.partners.requests
        yield f"hosts of partners: {hosts:,}, asked {requests:,} times"
    if report.upstreams is not None and report.upstreams.looked:
        yield _of_upstreams(report.upstreams)
    for shadow in report.shadows[:_MOST_SHADOWS]:
        called = f"{shadow.method} {shadow.path} of {shadow.api}, {shadow.times:,} times"
        yield printable(f"called, and declared by no contract: {called}")
    if len(report.shadows) > _MOST_SHADOWS:
        yield f"and {len(report.shadows) - _MOST_SHADOWS} more, in the report"
    yield f"report: {path}"


def _of_upstreams(asked: Upstreams) -> str:
    """How many services there are, and how many could be asked from here."""
    outside = sum(1 for looked in asked.looked if looked.asked)
    begin = f"services: {len(asked.looked):,}, asked past the gateway: {outside:,}"
    left = f"; {asked.left_out:,} left out, `--all` looks at them too" if asked.left_out else ""
    return begin + left


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    is_port = port.isascii() and port.isdecimal() and 0 < int(port) <= _MOST_PORT
    if not colon or not host or not is_port:
        refuse(f"`--address` is `{printable(text)}`, which is not HOST:PORT", ExitCode.USAGE)
    return host, int(port)


def _shown(
    partner: str | None, certificate: Path | None, key: Path | None
) -> ShownCertificate | None:
    """The certificate of a partner; both or neither are given, and it can be read."""
    if partner is None and certificate is None and key is None:
        return None
    if partner is None or certificate is None:
        refuse("`--partner` and `--certificate` come together", ExitCode.USAGE)
    pair = KeyPair(certificate=certificate, key=key or certificate)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(pair.certificate, pair.key)
    except (OSError, ValueError) as error:  # `SSLError` among them
        shown = printable(str(certificate))
        refuse(f"`{shown}` is no certificate with its key: {error}", ExitCode.USAGE)
    return ShownCertificate(partner=partner, pair=pair)


def _key(file: str) -> str:
    """An argument would stand in the list of processes."""
    text = sys.stdin.readline() if file == "-" else Path(file).read_text()
    key = text.strip()
    if not key or not key.isascii() or not key.isprintable():
        refuse("there is no API key in what `--key` names", ExitCode.USAGE)
    return key
