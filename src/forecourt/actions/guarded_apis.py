"""What the files of an estate say of who may know of each API: what exposure is judged by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from forecourt.compiler.ir.apis import Api as ServedApi
from forecourt.contract import Contract
from forecourt.contract.anonymous import asks_for_nothing
from forecourt.contract.projection import is_seen
from forecourt.contract.sight import sight_of
from forecourt.contract.values import decode
from forecourt.edge.exposure.guarded import Guarded, GuardedOperation, Place
from forecourt.estate.api import Api, Status, Version
from forecourt.estate.audience import Audience
from forecourt.estate.model import Estate
from forecourt.governance.exposure.anonymous_operation import RULE
from forecourt.governance.waiving import ends

# Nobody outside may know of these; a preview is for those who have its feature.
_UNRELEASED = frozenset({Status.DRAFT})
# Colleagues see every element.
_ALL_SEE = Audience.INTERNAL
_PORTS = {"http": 80, "https": 443}


def guarded_apis(
    estate: Estate, contracts: Mapping[str, Contract], narrowings: Mapping[str, Audience]
) -> tuple[Guarded, ...]:
    """Every API with the audience that its file names, or a narrower one to which somebody narrowed
    it by hand. It is read from the files, and not from what was compiled of them."""
    return tuple(
        Guarded(
            name=name,
            audience=min(api.audience, narrowings.get(name, api.audience)),
            places=frozenset(place for v in api.versions for place in _places(api, v)),
            released=frozenset(v.name for v in api.versions if v.status not in _UNRELEASED),
            unreleased=frozenset(v.name for v in api.versions if v.status in _UNRELEASED),
            previews=frozenset(v.name for v in api.versions if v.status is Status.PREVIEW),
            operations=tuple(_operations(estate, api, contracts)),
        )
        for name, api in sorted(estate.apis.items())
    )


def as_published(declared: Iterable[Guarded], served: Iterable[ServedApi]) -> tuple[Guarded, ...]:
    """The same, held against what was published: the narrower of both counts.

    What a file opens counts once somebody opened it. Where a file moves a service, or cannot be
    read, what was published before goes on, and is no opening.
    """
    files = {api.name: api for api in declared}
    published = {api.name: api for api in served}
    only = [files[name] for name in sorted(files.keys() - published.keys())]
    return (*only, *(_both(files.get(name), api) for name, api in sorted(published.items())))


def _both(file: Guarded | None, api: ServedApi) -> Guarded:
    upstreams = [v.upstream for v in api.versions if not v.upstream.mock]
    places = {Place(host=u.host.lower(), port=u.port, base=u.base_path) for u in upstreams}
    released = {v.name for v in api.versions if v.is_released}
    previews = {v.name for v in api.versions if v.status == Status.PREVIEW.value}
    return Guarded(
        name=api.name,
        audience=api.audience if file is None else min(api.audience, file.audience),
        places=frozenset(places if file is None else places | file.places),
        released=frozenset(released if file is None else released - file.unreleased),
        previews=frozenset(previews if file is None else previews | file.previews),
        operations=() if file is None else file.operations,
    )


def names_inside(estate: Estate, guarded: Collection[Guarded]) -> frozenset[str]:
    """Names that nothing outside may say: hosts of services that only serve narrower APIs, and who
    may call them."""
    outside = {p.host for api in guarded if api.is_outside for p in api.places}
    if (organization := estate.organization) is not None:
        outside |= set(organization.external.hosts)
    hosts = {p.host for api in guarded if not api.is_outside for p in api.places}
    identities = {service.identity for service in estate.services.values()}
    return frozenset(name for name in (hosts - outside) | identities if "." in name or "/" in name)


def _places(api: Api, version: Version) -> Iterator[Place]:
    upstream = version.upstream or api.upstream
    url = urlsplit(upstream.url)
    path = url.path if url.path.endswith("/") else f"{url.path}/"
    port = url.port or _PORTS.get(url.scheme, 0)
    yield Place(host=(url.hostname or "").lower(), port=port, base=path)


def _operations(
    estate: Estate, api: Api, contracts: Mapping[str, Contract]
) -> Iterator[GuardedOperation]:
    for version in api.versions:
        contract = contracts.get(version.document or "")
        if contract is None:
            continue
        # Where nothing is marked, nothing has to be looked at: an estate may have many operations.
        root = decode(contract.document) if contract.audience_marks else None
        sights = {} if root is None else {a: sight_of(root, a) for a in Audience}
        is_waived = ends(estate.waivers, RULE, api.name, version.name) is not None
        for operation in contract.operations:
            seen_by = (a for a, sight in sights.items() if is_seen(sight, operation))
            widest = max(seen_by, default=_ALL_SEE) if sights else api.audience
            yield GuardedOperation(
                version=version.name,
                method=operation.method,
                template=operation.template,
                audience=min(widest, api.audience),
                is_for_anybody=is_waived and asks_for_nothing(operation),
            )
