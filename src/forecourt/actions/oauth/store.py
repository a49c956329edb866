"""What is kept of clients and their tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from forecourt.actions.credential import Application, Owner
from forecourt.actions.oauth.access_token import AccessToken
from forecourt.actions.oauth.attempts import Proof
from forecourt.actions.oauth.client import HeldClient
from forecourt.actions.oauth.client_assertion import Assertion
from forecourt.actions.record import Record


class KnownClients(Protocol):
    """Where clients are looked up."""

    async def client(self, id: str) -> HeldClient | None:
        """The client with that id, and the application that holds it."""
        ...

    async def is_token_revoked(self, id: str) -> bool:
        """Whether the token with that id was withdrawn."""
        ...


class ClientAddition(Protocol):
    """What adding a client needs of the store."""

    async def application(self, owner: Owner, name: str) -> Application | None:
        """The owner's application of that name."""
        ...

    async def add_client(self, held: HeldClient, record: Record) -> HeldClient:
        """Remember a client. The application is added unless its owner has one of that name, which
        then holds it; the answer says which."""
        ...


class Tokens(KnownClients, Protocol):
    """What the authorization server needs."""

    async def proofs(self, now: datetime) -> tuple[Proof, ...]:
        """Where clients proved themselves lately, oldest first: no more than can be remembered."""
        ...

    async def keep_proof(self, proof: Proof) -> None:
        """Remembers where a client proved itself; of each client, the latest few places."""
        ...

    async def use_assertion(self, assertion: Assertion, now: datetime) -> bool:
        """Takes an assertion as used; False where it was used before."""
        ...

    async def record_grant(self, token: AccessToken, record: Record) -> None:
        """Puts on the record that a token is handed out."""
        ...

    async def revoke_token(self, token: AccessToken, record: Record) -> None:
        """Withdraw a token, with news of it; nothing where it was withdrawn before."""
        ...
