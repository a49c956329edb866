"""Where clients proved themselves, so that a restart of the control plane does not forget it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from forecourt.actions.oauth.attempts import MOST_REMEMBERED, NETWORKS_OF_CLIENT, Proof
from forecourt.store.database import Database
from forecourt.store.schema import client_networks

_N = client_networks.c
# Whoever has not called for so long begins anew.
KEPT = timedelta(days=90)
_NEWEST = select(client_networks).order_by(_N.at.desc()).limit(MOST_REMEMBERED)


class ClientProofs:
    """Proofs, kept in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def proofs(self, now: datetime) -> tuple[Proof, ...]:
        """As `Tokens` says."""
        rows = await self._database.rows(_NEWEST.where(_N.at > now - KEPT))
        return tuple(Proof(client=r.client, network=r.network, at=r.at) for r in reversed(rows))

    async def keep_proof(self, proof: Proof) -> None:
        """As `Tokens` says."""
        its = (_N.client == proof.client) & (_N.network == proof.network)
        async with self._database.writing() as connection:
            known = update(client_networks).where(its).values(at=proof.at)
            if (await connection.execute(known)).rowcount:
                return
            row = {"client": proof.client, "network": proof.network, "at": proof.at}
            try:
                async with connection.begin_nested():
                    await connection.execute(insert(client_networks), row)
            except IntegrityError:
                return  # another control plane was faster
            await connection.execute(delete(client_networks).where(_N.at <= proof.at - KEPT))
            await _forget_but_the_latest(connection, proof.client)


async def forget_proofs(connection: AsyncConnection, client: str) -> None:
    """All of a client that counts no more."""
    await connection.execute(delete(client_networks).where(_N.client == client))


async def _forget_but_the_latest(connection: AsyncConnection, client: str) -> None:
    its = select(_N.network).where(_N.client == client).order_by(_N.at.desc())
    latest = (await connection.execute(its.limit(NETWORKS_OF_CLIENT))).scalars().all()
    others = delete(client_networks).where(_N.client == client, _N.network.not_in(latest))
    await connection.execute(others)
