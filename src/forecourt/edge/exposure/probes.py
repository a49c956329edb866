"""What is asked of a running edge to see whether anything narrower answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from forecourt.edge.exposure.guarded import Guarded, GuardedOperation
from forecourt.edge.exposure.spellings import SPELLINGS

# A value for a parameter in a path that nobody has given to anything.
_NOBODYS = "forecourt-probe-0"

_SAFE = ("GET", "HEAD", "OPTIONS")
_CHANGING = ("POST", "PUT", "PATCH", "DELETE")
# One that Envoy knows and no contract can declare.
_NOBODYS_METHOD = "PROPFIND"

# A condition that nothing meets (RFC 9110, section 13.1.1), and no body: should such a request ever
# get through, a service that heeds conditions leaves everything as it is.
_CHANGES_NOTHING = (("content-length", "0"), ("if-match", '"forecourt-exposure"'))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Target:
    """Something that must not be found: `path` as callers inside write it, below `known`, which
    callers outside may know of (`/` for an API that is not outside at all).

    `methods` are those of its operations. Where callers outside may know the path itself, by other
    methods, `unused` is one by which nothing is declared there, for comparison.
    """

    api: str
    path: str
    known: str = "/"
    methods: tuple[str, ...] = ()
    unused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One request, as it is sent; `spelling` says how it is written, in words.

    `form` is what stands in the request line (HTTP/1.1) or in `:path` (HTTP/2), where it is never
    absolute.
    """

    target: Target
    spelling: str
    form: str
    authority: str
    fields: tuple[tuple[str, str], ...] = ()
    method: str = "GET"

    @property
    def is_safe(self) -> bool:
        """Whether one that gets through changes nothing (RFC 9110, section 9.2.1)."""
        return self.method in _SAFE


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """What is known of the listener outside: its host, where an API stands on it, and the names
    and addresses that mean something inside."""

    host: str
    port: int
    outside: str
    inside: tuple[str, ...]


def targets(
    narrower: Collection[tuple[str, str]],
    outside: Collection[tuple[str, str, str]],
    apis: Collection[Guarded],
) -> tuple[Target, ...]:
    """What to look for: where narrower APIs stand with every path of their contracts, and
    operations of other APIs that nobody outside may know of.

    `narrower` are prefixes with the name of their API; `outside` prefixes with API and version.
    """
    found = {Target(api=name, path=prefix) for prefix, name in narrower}
    for api in apis:
        for prefix, name in narrower:
            if name == api.name:
                found |= {
                    Target(api=name, path=path, methods=methods)
                    for path, methods in by_path(prefix, api.operations).items()
                }
        for prefix, name, version in outside:
            if name == api.name:
                found |= set(_hidden(prefix, version, api))
    return tuple(sorted(found))


def by_path(prefix: str, operations: Collection[GuardedOperation]) -> Mapping[str, tuple[str, ...]]:
    """The methods by which each path may be called."""
    found: dict[str, set[str]] = defaultdict(set)
    for operation in operations:
        found[_filled(prefix, operation.template)].add(operation.method)
    return {path: tuple(sorted(methods)) for path, methods in found.items()}


def _hidden(prefix: str, version: str, api: Guarded) -> Iterator[Target]:
    """Operations of a version outside that nobody there may know of."""
    seen = [o for o in api.operations if o.audience.is_external]
    templates = {o.template for o in seen}
    hidden = [o for o in api.operations if o.version == version and not o.audience.is_external]
    for path, methods in by_path(
        prefix, [o for o in hidden if o.template not in templates]
    ).items():
        yield Target(api=api.name, path=path, known=prefix, methods=methods)
    for template in templates:
        declared = {o.method for o in api.operations if o.template == template}
        known = {o.method for o in seen if o.template == template}
        if methods := tuple(sorted({o.method for o in hidden if o.template == template} - known)):
            yield Target(
                api=api.name,
                path=_filled(prefix, template),
                known=prefix,
                methods=methods,
                unused=next(m for m in (*_CHANGING, _NOBODYS_METHOD) if m not in declared),
            )


def _filled(prefix: str, template: str) -> str:
    segments = [_NOBODYS if s.startswith("{") else s for s in template.strip("/").split("/")]
    return prefix + "/".join(segments)


def decoy(target: Target, salt: str) -> Target:
    """The same at a place, or by a method, that nobody has named: what answers otherwise there is
    something else."""
    if target.unused:
        return replace(target, methods=(target.unused,) * len(target.methods))
    head, rest = target.known, target.path.removeprefix(target.known)
    segments = [_unnamed(segment, salt) for segment in rest.split("/")]
    return replace(target, path=head + "/".join(segments))


def _unnamed(segment: str, salt: str) -> str:
    """As long, of small letters alone."""
    digest = sha256(f"{salt}/{segment}".encode()).digest()
    letters = "".join(chr(97 + byte % 26) for byte in digest)
    return (letters * (len(segment) // len(letters) + 1))[: len(segment)]


def probes(target: Target, edge: Edge) -> Iterator[Probe]:
    """Every spelling of its path, of the host that is asked, and of what claims to mean it, by
    `GET`; then its path as it is by the methods of its operations and by others, those last that
    may change something."""
    if not target.unused:
        yield from _spelled(target, edge)
    others = () if target.unused else (*_SAFE, *_CHANGING)
    methods = target.methods if target.unused else tuple(dict.fromkeys((*target.methods, *others)))
    for method in sorted(methods, key=lambda method: method not in _SAFE):
        if method != "GET" or target.unused:
            yield Probe(
                target=target,
                spelling=f"by {method}",
                form=target.path,
                authority=edge.host,
                fields=() if method in _SAFE else _CHANGES_NOTHING,
                method=method,
            )


def _spelled(target: Target, edge: Edge) -> Iterator[Probe]:
    for spelling, spell in SPELLINGS.items():
        form = spell(target.path, edge.outside)
        yield Probe(target=target, spelling=spelling, form=form, authority=edge.host)
    plain = target.path
    hosts = (
        edge.host.upper(),
        f"{edge.host}.",
        f"{edge.host}:{edge.port}",
        "localhost",
        "127.0.0.1",
        "",
        *edge.inside,
    )
    for host in hosts:
        named = f"as host `{host}`"
        yield Probe(target=target, spelling=named, form=plain, authority=host)
    for host in (edge.host, "localhost", *edge.inside):
        absolute = f"https://{host}{plain}"
        named = f"absolute, at `{host}`"
        yield Probe(target=target, spelling=named, form=absolute, authority=edge.host)
    for name, value in _claims(target, edge):
        form = edge.outside if value == plain else plain
        yield Probe(
            target=target,
            spelling=f"with `{name}`",
            form=form,
            authority=edge.host,
            fields=((name, value),),
        )


def _claims(target: Target, edge: Edge) -> Iterator[tuple[str, str]]:
    """Fields that have meant another path, host or caller to somebody."""
    inside = edge.inside[0] if edge.inside else "localhost"
    for name in ("x-original-url", "x-rewrite-url", "x-forwarded-uri", "x-envoy-original-path"):
        yield name, target.path
    for name in ("x-forwarded-host", "x-host", "x-envoy-original-host", "x-forwarded-server"):
        yield name, inside
    yield "x-forwarded-prefix", "/"
    yield "x-http-method-override", "POST"
    yield "x-forwarded-for", "127.0.0.1"
    yield "x-envoy-internal", "true"
    yield "x-forwarded-client-cert", "By=spiffe://edge;URI=spiffe://inside/any"
    yield "x-internal-service-token", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJvcmRlcnMifQ."
    yield "forecourt-audience", "internal"
    yield "forecourt-mock", "yes"
    yield "forecourt-upstream", f"http://{inside}"
