"""`forecourt audit`: who did what to the gateway, and whether the log of it is whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, assert_never

import typer

from forecourt.actions.audit import AuditEntry, AuditHead, Deed
from forecourt.actions.verify_audit import Sound, Unanchored, Wrong, verify_audit
from forecourt.bootstrap import World, audit_anchor
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.render import printable
from forecourt.cli.text_or_json import Form, TextOrJson
from forecourt.cli.words import number_option
from forecourt.governance.nearest import did_you_mean
from forecourt.store.audit_anchor import UnreadableAnchor

app = typer.Typer(help="Who did what to the gateway, and whether the log of it is whole.")

_HEXADECIMAL = frozenset("0123456789abcdef")
_SHA256_DIGITS = 64


@app.callback(invoke_without_command=True)
def audit(
    context: typer.Context,
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Only what was done from this day or moment (UTC) on."),
    ] = None,
    what: Annotated[
        str | None,
        typer.Option(metavar="ACT", help="Only such acts: `key.revoke`, or `key` for all of them."),
    ] = None,
    most: Annotated[int, number_option("--most", 1, 100_000, "How many, newest first.")] = 100,
    estate: EstateFolder = Path(),
    form: Form = TextOrJson.TEXT,
) -> None:
    """List what was done, newest first: when, by whom, from where, what, to what and why."""
    if context.invoked_subcommand is not None:
        return
    moment, act = _moment(since), _act(what)

    async def verb(world: World) -> None:
        _print(await world.store.audit.newest(most=most, since=moment, what=act), form)

    against_store(estate, verb)


@app.command()
def verify(
    head: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="The hash of an entry that must be there, as noted."),
    ] = None,
    estate: EstateFolder = Path(),
) -> None:
    """Find the first entry that was changed, taken out or moved. Prints where the log ends."""
    noted = None if head is None else head.strip().lower()
    if noted is not None and (len(noted) != _SHA256_DIGITS or set(noted) - _HEXADECIMAL):
        refuse("`--head` is not a hash of 64 hexadecimal digits", ExitCode.USAGE)

    async def verb(world: World) -> None:
        anchor = audit_anchor(world.settings)
        try:
            known = anchor.known()
        except UnreadableAnchor as error:
            refuse(str(error), ExitCode.FINDINGS)
        outcome = await verify_audit(world.store.audit, anchor=known, noted=noted)
        match outcome:
            case Sound(head=end):
                if end.number:
                    anchor.keep(end)
                typer.echo(_whole(end))
            case Wrong(number=number, because=because):
                refuse(f"entry {number} of the audit log: {because}", ExitCode.FINDINGS)
            case Unanchored(head=end):
                refuse(
                    f"nothing says that {end.number} entries are all there were: no anchor is in "
                    f"`{world.settings.state}`; name an entry that you noted with `--head HASH` "
                    f"(the last that is there: {end.hash})",
                    ExitCode.FINDINGS,
                )
            case _:
                assert_never(outcome)

    against_store(estate, verb)


def _whole(end: AuditHead) -> str:
    entries = "1 entry" if end.number == 1 else f"{end.number:,} entries"
    return f"{entries}, each as it was written; head {end.hash}" if end.number else "no entry yet"


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        refuse(
            f"`--since` is `{printable(text)}`, which is no time; write it as 2030-12-31 or "
            "2030-12-31T18:00",
            ExitCode.USAGE,
        )
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _act(text: str | None) -> str | None:
    deeds = [deed.value for deed in Deed]
    known = sorted({*deeds, *(deed.partition(".")[0] for deed in deeds)})
    if text is None or text in known:
        return text
    way_out = did_you_mean(text, known, f"write one of {', '.join(known)}")
    refuse(f"`--what` is `{printable(text)}`, which is no act; {way_out}", ExitCode.USAGE)


def _print(entries: Sequence[AuditEntry], form: TextOrJson) -> None:
    if form is TextOrJson.JSON:
        plain = [{**_written(entry), "hash": entry.hash} for entry in entries]
        typer.echo(json.dumps(plain, indent=2))
        return
    for entry in entries:
        typer.echo(_line(entry))
    if not entries:
        typer.echo("nothing of that was done yet", err=True)


def _line(entry: AuditEntry) -> str:
    written = _written(entry)
    because = f"  ({written['because']})" if written.get("because") else ""
    who = f"{written.get('who')} from {written.get('from')}"
    what = f"{entry.what:<17}  {written.get('subject')}"
    return printable(
        f"{entry.number:>6}  {entry.at:%Y-%m-%d %H:%M:%S}  {what}  {who}{because}"
    ).rstrip()


def _written(entry: AuditEntry) -> dict[str, Any]:
    """What an entry says; one that was tampered with says its text, for whoever looks into it."""
    try:
        written = json.loads(entry.text)
    except ValueError:
        written = None
    return written if isinstance(written, dict) else {"unreadable": entry.text}
