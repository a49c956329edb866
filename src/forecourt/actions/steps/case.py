"""A request, what was decided of it, and all that was known then: what each step looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forecourt.actions.assumed_caller import Known, Nobody
from forecourt.actions.contract_memory import Judged
from forecourt.actions.decide_request import Request
from forecourt.actions.revision import Narrowing
from forecourt.compiler.contracts.operations import CompiledOperation, NoSuchOperation
from forecourt.compiler.deciding import Route
from forecourt.compiler.ir.apis import Version
from forecourt.compiler.ir.edge import Edge, Listener
from forecourt.compiler.refusals import Refusal
from forecourt.edge.logged_request import LoggedRequest
from forecourt.edge.trial import Tried
from forecourt.estate.audience import Audience
from forecourt.estate.model import Estate


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is to be explained.

    `edge` is what was served; `estate` is what is on disk, which gives the places, and `documents`
    what was read of its contracts, by `Version.document`. `version` is the one that is called, or
    that is retired. `operation` is the one of its contract, by name, `found` what the contract says
    of the request now; None: it is held to none. `refusal` None: it was let through, or would be.
    `narrowed` are APIs that somebody made narrower by hand. `logged` None: it was not made; `tried`
    is what the edge says of such a one's path and query.
    `unexplained_by` is the revision that was served, where it decides otherwise than was logged.
    """

    request: Request
    edge: Edge
    route: Route | None
    version: Version | None
    caller: Known | Nobody
    refusal: Refusal | None
    operation: str | None
    found: CompiledOperation | NoSuchOperation | None
    estate: Estate
    documents: Mapping[str, Judged]
    narrowed: Mapping[str, Narrowing]
    logged: LoggedRequest | None = None
    tried: Tried | None = None
    unexplained_by: int | None = None

    @property
    def audience(self) -> Audience | None:
        """That of the caller, where one is known."""
        return self.caller.entitlement.audience if isinstance(self.caller, Known) else None

    @property
    def is_field_unknown(self) -> bool:
        """Whether `API-Version` mattered, and the log does not say which version was meant."""
        by_header = self.route is not None and self.route.api.by_header
        return self.logged is not None and self.logged.version is None and by_header

    @property
    def listener(self) -> Listener:
        """Where it came in."""
        gateway = self.edge.gateway
        is_internal = self.request.listener == gateway.internal.name
        return gateway.internal if is_internal else gateway.external
