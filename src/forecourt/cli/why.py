"""`forecourt why`: why a request was let through or refused, step by step."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from forecourt.actions.assumed_caller import NoSuchCaller, SeveralKeys
from forecourt.actions.decide_request import Request
from forecourt.actions.explain_request import (
    Explaining,
    Explanation,
    NothingPublished,
    explain_assumed,
    explain_logged,
)
from forecourt.actions.presented import ListenerName
from forecourt.bootstrap import World, access_log_of, explaining, is_edge_supervised
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.explanation import explanation_text
from forecourt.cli.here import path_here
from forecourt.cli.progress import Progress
from forecourt.cli.render import printable
from forecourt.cli.terminal import wants_colour
from forecourt.cli.text_or_json import Form, TextOrJson
from forecourt.compiler.envoy.own_routes import OWN_PREFIX
from forecourt.compiler.request_line import request_line
from forecourt.edge.access_log import NotLogged, find_request
from forecourt.edge.logged_request import LoggedRequest
from forecourt.estate.own_paths import OWN_PATHS
from forecourt.governance.nearest import did_you_mean

app = typer.Typer()

_VERSION_FIELD = "api-version"
# Envoy writes its log once a second.
_FLUSH = 1.2
_OWN = "`{}` is the gateway's own, and no API's: who asks proves itself there, and is told why not"
# Those who call inside, by the word that their reference begins with.
_INSIDE = ("service", "spiffe", "internal_token")


@app.command()
def why(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="REQUEST-ID | METHOD PATH",
            help="A request's id, as its answer and the log have it; or a request not made.",
        ),
    ],
    caller: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="CALLER",
            help="Who would call: how a key begins (12 characters) or its id; a client's id; "
            "`service:NAME`, `partner:NAME`, `developer:NAME`, both with `/APPLICATION` or "
            "without, `token:ISSUER/CLIENT`. Else nobody.",
        ),
    ] = None,
    listener: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="`external` or `internal`; else where such callers are."),
    ] = None,
    header: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD", help="A field that matters: `API-Version: 2024-01-15`."),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="MOMENT", help="A day or a moment of a request not made; else now."),
    ] = None,
    estate: EstateFolder = Path(),
    form: Form = TextOrJson.TEXT,
) -> None:
    """Say why a request was let through or refused, or would be: step by step, with the way out."""
    match words:
        case [request_id]:
            if caller or listener or header or at:
                refuse(
                    "a request that was made has its own caller, listener, fields and time;"
                    " leave the options out, or name METHOD and PATH",
                    ExitCode.USAGE,
                )
            if request_id.startswith("fc_"):
                refuse("that is a key; `--as KEY METHOD PATH` asks what it may", ExitCode.USAGE)
            _explain_logged(request_id.strip(), estate, form)
        case [method, path]:
            line = request_line(method, _target(path))
            request = Request(
                method=line.method,
                path=line.path,
                query=line.query,
                line=line,
                listener=_listener(listener, caller),
                wanted=_wanted(header or []),
                at=_moment(at),
            )
            _explain_assumed(request, caller, estate, form)
        case _:
            refuse("name one REQUEST-ID, or METHOD and PATH", ExitCode.USAGE)


def _explain_logged(request_id: str, estate: Path, form: TextOrJson) -> None:
    async def verb(world: World) -> None:
        log = access_log_of(world.settings)
        found = await _found(log, request_id)
        if isinstance(found, NotLogged) and is_edge_supervised(world.settings):
            await asyncio.sleep(_FLUSH)
            found = await _found(log, request_id)
        if isinstance(found, NotLogged):
            refuse(_not_logged(request_id, found, log), ExitCode.USAGE)
        if (found.route or "").startswith(OWN_PREFIX) and not found.is_refused:
            refuse(f"{_OWN.format(_shown(found.path))}; it said {found.status}", ExitCode.USAGE)
        explained = await explain_logged(found, await _what_decides(world))
        _print(explained, form)

    against_store(estate, verb)


async def _found(log: Path, request_id: str) -> LoggedRequest | NotLogged:
    with Progress("looking through the access log, from its end"):
        return await asyncio.to_thread(find_request, log, request_id, clock=time.monotonic)


async def _what_decides(world: World) -> Explaining:
    return await explaining(world, Progress("reading the estate"))


def _explain_assumed(request: Request, caller: str | None, estate: Path, form: TextOrJson) -> None:
    async def verb(world: World) -> None:
        if request.path in _own_paths(request.listener, world):
            refuse(_OWN.format(_shown(request.path)), ExitCode.USAGE)
        explained = await explain_assumed(request, caller, await _what_decides(world))
        match explained:
            case NoSuchCaller():
                refuse(_no_such_caller(explained), ExitCode.USAGE)
            case SeveralKeys(candidates=candidates):
                ids = ", ".join(f"{h.credential.id} ({h.application.name})" for h in candidates)
                refuse(f"several keys are called so; name one by its id: {ids}", ExitCode.USAGE)
            case _:
                _print(explained, form)

    against_store(estate, verb)


def _own_paths(listener: ListenerName, world: World) -> tuple[str, ...]:
    """What the gateway answers itself there; outside, once there is somebody to give tokens to."""
    is_there = listener == "internal" or world.signing_keys.access_tokens()
    return OWN_PATHS[listener] if is_there else ()


def _print(explained: Explanation | NothingPublished, form: TextOrJson) -> None:
    if isinstance(explained, NothingPublished):
        refuse("nothing was published yet; `forecourt up` publishes and serves", ExitCode.USAGE)
    typer.echo(explanation_text(explained, form, colour=wants_colour()))


def _not_logged(request_id: str, found: NotLogged, log: Path) -> str:
    where = path_here(log)
    if not found.files:
        return f"`{where}` does not exist: nothing was served from here yet"
    shown = printable(request_id)
    begin = f"no line of `{where}` is about `{shown}`"
    if not found.is_all:
        begin += (
            "; it is large, and was not searched to its beginning:"
            f" try `grep {shown}` on what it was renamed to"
        )
    elif not found.latest:
        begin += "; it is empty"
    else:
        begin += "; it was searched to its beginning"
    return "\n".join([begin, *_latest(found.latest)])


def _latest(latest: tuple[LoggedRequest, ...]) -> list[str]:
    lines = [
        f"  {r.time:%H:%M:%S}  {printable(r.request_id)}  {r.status}  {r.method} {_shown(r.path)}"
        for r in latest
    ]
    return ["the last that came:", *lines] if lines else []


def _shown(path: str) -> str:
    """Without the query: people put keys there, where they mean nothing."""
    return printable(path.partition("?")[0])


def _no_such_caller(refused: NoSuchCaller) -> str:
    name = printable(refused.name)
    if refused.what == "key":
        return (
            f"`--as` is `{name}`, which is no key's id nor how one begins (12 characters);"
            " see `forecourt key list`, or write `service:NAME`, `partner:NAME`"
        )
    if refused.what == "client":
        return f"`--as` is `{name}`, and no client has that id; see `forecourt client list`"
    if refused.what.endswith("with a key"):
        return _without_a_key(refused, name)
    known = ", ".join(refused.known)
    declared = f"which is not one of {known}" if known else "and there is none"
    way_out = did_you_mean(name, refused.known, "publish it first, or see `forecourt key list`")
    return f"the {refused.what} is `{name}`, {declared}; {way_out}"


def _without_a_key(refused: NoSuchCaller, name: str) -> str:
    """Of a developer or an application that nobody publishes."""
    what = refused.what.removesuffix(" with a key")
    if refused.known:
        clients = ", ".join(refused.known)
        return f"the {what} `{name}` has no key; name one of its clients: {clients}"
    owner, _, application = name.partition("/")
    option = "--partner" if refused.what.startswith("partner") else "--developer"
    return (
        f"the {what} `{name}` has neither a key nor a client; give it one with"
        f" `forecourt key issue {option} {owner} --application {application or 'NAME'}`,"
        " or see `forecourt consumer list`"
    )


def _target(text: str) -> str:
    if not text.startswith("/"):
        refuse(f"the path is `{_shown(text)}`; write it as `/v2/payments`", ExitCode.USAGE)
    return text


def _listener(name: str | None, caller: str | None) -> ListenerName:
    match name:
        case None:
            inside = (caller or "").partition(":")[0] in _INSIDE
            return "internal" if inside else "external"
        case "external" | "internal":
            return name
        case _:
            refuse(
                f"`--listener` is `{printable(name)}`, which is not one of external, internal",
                ExitCode.USAGE,
            )


def _wanted(fields: list[str]) -> str | None:
    wanted = None
    for text in fields:
        name, colon, value = text.partition(":")
        if not colon:
            refuse("`--header` is not a field; write it as `API-Version: 2`", ExitCode.USAGE)
        if name.strip().lower() != _VERSION_FIELD:
            refuse(
                f"`{printable(name.strip())}` decides nothing here: only `API-Version` does;"
                " who calls, say with `--as`",
                ExitCode.USAGE,
            )
        wanted = value.strip()
    return wanted


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        refuse(
            f"`--at` is `{printable(text)}`, which is no moment;"
            " write it as 2030-12-31 or 2030-12-31T12:00",
            ExitCode.USAGE,
        )
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
