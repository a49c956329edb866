"""What an access token can be for: the whole gateway, or one of its APIs (RFC 8707)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.compiler.ir.apis import Api
from forecourt.compiler.ir.edge import Gateway
from forecourt.compiler.lowering.apis import EXTERNAL
from forecourt.estate.audience import Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """`url` is the gateway itself, and the issuer of its tokens; `apis` are names by URL, and
    `audiences` by name who sees them."""

    url: str = ""
    apis: Mapping[str, str] = field(default_factory=dict)
    audiences: Mapping[str, Audience] = field(default_factory=dict)

    def seen_by(self, caller: Entitlement | Unknown) -> Resources:
        """These without what the caller does not see: that is to it as what is not here, or it
        could find out by asking for tokens what there is for others."""
        if isinstance(caller, Unknown):
            return replace(self, apis={})
        granted = None if caller.grants is None else {grant.api for grant in caller.grants}
        seen = {
            name
            for name, audience in self.audiences.items()
            if caller.audience <= audience and (granted is None or name in granted)
        }
        return replace(self, apis={url: name for url, name in self.apis.items() if name in seen})

    def known(self, resource: str) -> str | None:
        """The resource as tokens name it; None for one that is not ours."""
        plain = resource.rstrip("/")
        return plain if self.url and (plain == self.url or plain in self.apis) else None

    def apis_for(self, audience: Iterable[str]) -> tuple[str, ...] | None:
        """The APIs that a token for this audience is for; None: all of them. None at all: ()."""
        named = set(audience)
        if self.url and self.url in named:
            return None
        return tuple(sorted(self.apis[each] for each in named if each in self.apis))


def resources_of(gateway: Gateway, apis: Iterable[Api]) -> Resources:
    """Every API on the external listener that stands below the gateway's root."""
    outside = [api for api in apis if EXTERNAL in api.listeners and api.path.strip("/")]
    return Resources(
        url=gateway.url,
        apis={f"{gateway.url}{api.path.rstrip('/')}": api.name for api in outside},
        audiences={api.name: api.audience for api in outside},
    )
