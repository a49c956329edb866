"""What `up` shows first: what is served, who may call, and calls to copy."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forecourt.actions.check_estate import Examined
from forecourt.cli.anybody import anybody_lines, is_for_anybody
from forecourt.cli.here import command_here, path_here
from forecourt.compiler.ir.apis import Api, Version
from forecourt.compiler.ir.callers import Partner
from forecourt.compiler.ir.edge import Edge
from forecourt.compiler.lowering.apis import EXTERNAL
from forecourt.contract import Contract
from forecourt.edge.material import MaterialFolder
from forecourt.estate.audience import Audience
from forecourt.estate.organization import Address
from forecourt.estate.posture import POSTURES
from forecourt.server.local_callers import LocalCallers

# What a caller brings, in words. (The table itself names kinds, for machines.)
_NEEDS = {
    frozenset({"mtls", "internal_token"}): "a service's certificate or token",
    frozenset({"api_key", "jwt", "oauth2"}): "an API key or access token",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What there is to show. `operations` is where metrics and health are served."""

    folder: Path
    operations: Address
    edge: Edge
    examined: Examined
    revision: int
    material: MaterialFolder
    callers: LocalCallers | None


# As wide as documents and chats show without a scroll bar.
_WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call to copy: what it shows, what to expect, and the command."""

    shows: str
    expect: str
    command: str


def welcome(shown: Shown) -> str:
    """The whole text."""
    gateway = shown.edge.gateway
    lines = [
        f"{gateway.organization} is served, revision {shown.revision}.",
        "",
        *_table(shown),
    ]
    if opened := list(anybody_lines(shown.edge.apis)):
        lines += ["", "Anybody may call, without a credential:", *(f"  {line}" for line in opened)]
    if shown.callers is not None:
        lines += ["", *_callers(shown, shown.callers)]
        to_copy = list(calls(shown, shown.callers))
        if to_copy:
            lines += ["", "Calls to copy, and the answer to expect:"]
        for call in to_copy:
            lines += ["", f"  # {call.shows}: {call.expect}", *_indented(call.command)]
    listed = command_here("revisions", estate=shown.folder)
    lines += [
        "",
        f"What was published: {listed}",
        f"Health and metrics: http://{shown.operations}/health/ready and /metrics",
        "",
        "Save a file to publish it. Ctrl-C stops.",
    ]
    return "\n".join(lines)


def calls(shown: Shown, callers: LocalCallers) -> Iterator[Call]:
    """Calls that show what each kind of caller may do, some allowed and some refused.

    None is to an API whose contract offers nothing: it would not be answered as is said here.
    """
    edge = shown.edge
    offering = [api for api in edge.apis if _offers(shown, api)]
    by_audience = {a: [x for x in offering if x.audience is a] for a in Audience}
    public = next(iter(by_audience[Audience.PUBLIC]), None)
    of_partners = next(iter(by_audience[Audience.PARTNER]), None)
    internal = next(iter(by_audience[Audience.INTERNAL]), None)
    developer = f"X-Api-Key: {callers.developer}"
    if public:
        url = _external(shown, public)
        yield Call(
            shows=f"{public.name} is public: a developer's key",
            expect="200",
            command=_curl(shown, url, header=developer),
        )
        yield Call(
            shows="the same without a key",
            expect=_without_a_key(shown, public),
            command=_curl(shown, url),
        )
    partner = _partner_of(of_partners, edge.callers.partners)
    if of_partners and partner:
        url = _external(shown, of_partners)
        key = f"X-Api-Key: {callers.partners[partner.name]}"
        yield Call(
            shows=f"{of_partners.name} is for partners: the key of {partner.name}",
            expect="200",
            command=_curl(shown, url, header=key),
        )
        yield Call(
            shows="the same with a developer's key",
            expect="404, as if it were not there",
            command=_curl(shown, url, header=developer),
        )
    if internal:
        services = [s.name for s in edge.callers.services]
        allowed = [s for s in services if internal.allow is None or s in internal.allow]
        url = f"{_base(edge.gateway.internal.port)}{_path(shown, internal)}"
        if allowed:
            yield Call(
                shows=f"{internal.name} is internal: the service {allowed[0]}, by certificate",
                expect="200",
                command=_curl(shown, url, service=allowed[0]),
            )
        for service in [s for s in services if s not in allowed][:1]:
            yield Call(
                shows=f"the service {service}, which {internal.name} does not allow",
                expect="404, and why",
                command=_curl(shown, url, service=service),
            )
        yield Call(
            shows=f"{internal.name} from outside, with a developer's key",
            expect="404: the external listener does not know it",
            command=_curl(
                shown,
                f"{_base(edge.gateway.external.port)}{_path(shown, internal)}",
                header=developer,
            ),
        )


def _without_a_key(shown: Shown, api: Api) -> str:
    if is_for_anybody(_newest(api), f"GET {_template(shown, api)}"):
        return "200 too: anybody may call it"
    return "401, and what to send"


def _table(shown: Shown) -> Iterator[str]:
    rows = [("API", "audience", "address", "a caller needs", "limit")]
    for api in shown.edge.apis:
        listener = shown.edge.gateway.external
        if EXTERNAL not in api.listeners:
            listener = shown.edge.gateway.internal
        prefixes = dict.fromkeys(v.prefix for v in api.versions)
        addresses = [f"{_base(listener.port)}{prefix}" for prefix in prefixes]
        credentials = POSTURES[api.audience].credentials
        needs = _NEEDS.get(frozenset(credentials), ", ".join(sorted(credentials)))
        rows.append((api.name, api.audience.value, addresses[0], needs, _limit(api)))
        rows.extend(("", "", address, "", "") for address in addresses[1:])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  " + "  ".join(cells).rstrip()


def _limit(api: Api) -> str:
    posture = POSTURES[api.audience]
    rate = f"{posture.rate_limit.requests_per_minute:,} a minute"
    match posture.authorization:
        case "service":
            return f"{rate} each"
        case "contract":
            return "by contract"
        case "scope":
            return f"by plan, else {rate}"


def _callers(shown: Shown, callers: LocalCallers) -> Iterator[str]:
    rows = [("a developer", f"X-Api-Key: {callers.developer}")]
    for name, key in sorted(callers.partners.items()):
        rows.append((f"partner {name}", f"X-Api-Key: {key}"))
    for service in shown.edge.callers.services:
        pair = shown.material.client(service.name)
        rows.append((f"service {service.name}", f"{path_here(pair.certificate)} and .key"))
    width = max(len(who) for who, _ in rows)
    yield "Callers, made for this machine:"
    for who, proof in rows:
        yield f"  {who.ljust(width)}  {proof}"


def _external(shown: Shown, api: Api) -> str:
    return f"{_base(shown.edge.gateway.external.port)}{_path(shown, api)}"


def _base(port: int) -> str:
    return f"https://localhost:{port}"


def _path(shown: Shown, api: Api) -> str:
    """A path of the API that its mock answers."""
    return _newest(api).prefix + "/".join(
        _filled(part) for part in _template(shown, api).removeprefix("/").split("/")
    )


def _template(shown: Shown, api: Api) -> str:
    """Of a plain GET, where its contract has one."""
    contract = _contract(shown, api)
    templates = [o.template for o in contract.operations if o.method == "GET"] if contract else []
    templates.sort(key=lambda t: (t.count("{"), len(t)))
    return templates[0] if templates else "/"


def _contract(shown: Shown, api: Api) -> Contract | None:
    """That of the newest version, where it was read."""
    declared = shown.examined.estate.apis.get(api.name)
    contracts = {v.name: v.document for v in declared.versions} if declared else {}
    return shown.examined.contracts.get(contracts.get(_newest(api).name) or "")


def _offers(shown: Shown, api: Api) -> bool:
    """Whether its contract, where it was read, has anything to call."""
    contract = _contract(shown, api)
    return contract is None or bool(contract.operations)


def _filled(segment: str) -> str:
    before, brace, _ = segment.partition("{")
    return f"{before}1" if brace else segment


def _newest(api: Api) -> Version:
    released = [v for v in api.versions if v.is_released and v.is_open_to(())]
    current = [v for v in released if v.status == "current"]
    return (current or released or list(api.versions))[-1]


def _partner_of(api: Api | None, partners: tuple[Partner, ...]) -> Partner | None:
    if api is None:
        return None
    return next((p for p in partners if any(g.api == api.name for g in p.grants)), None)


def _curl(shown: Shown, url: str, *, header: str = "", service: str = "") -> str:
    words = ["curl", "--cacert", path_here(shown.material.servers.certificate)]
    if service:
        pair = shown.material.client(service)
        words += ["--cert", path_here(pair.certificate), "--key", path_here(pair.key)]
    if header:
        words += ["-H", header]
    return shlex.join([*words, url])


def _indented(command: str) -> Iterator[str]:
    """The command in lines that a shell reads as one."""
    line = "  "
    for part in _parts(shlex.split(command)):
        if line.strip() and len(line) + len(part) + 2 > _WIDTH:
            yield f"{line}\\"
            line = "    "
        line += f"{part} "
    yield line.rstrip()


def _parts(words: list[str]) -> Iterator[str]:
    """An option stays with its value."""
    waiting: list[str] = []
    for word in words:
        waiting.append(word)
        if not word.startswith("-"):
            yield shlex.join(waiting)
            waiting = []
