"""Keep a credential from being held off for what is done with it: looking for openings."""

from __future__ import annotations

from datetime import timedelta

from forecourt.actions.block import Block, Blocks, Measure, Target, TargetKind
from forecourt.actions.block_target import KnownCredentials, credential_of
from forecourt.actions.entropy import Entropy, new_id
from forecourt.actions.record import Record
from forecourt.actions.resolve_credential import certificate_id

# A run that asks for everything takes some minutes.
_FOR = timedelta(hours=1)


async def spare_key(
    key: str, record: Record, *, keys: KnownCredentials, blocks: Blocks, entropy: Entropy
) -> Block | None:
    """No detector does anything about the key for an hour, on the record; None: nobody was given
    it. Raises `StoreUnavailable`."""
    found = await credential_of(key, keys)
    return None if found is None else await spare(found.id, record, blocks=blocks, entropy=entropy)


async def spare_certificate(
    sha256: str, record: Record, *, blocks: Blocks, entropy: Entropy
) -> Block:
    """The same of a partner's certificate, by its fingerprint (hex). Raises `StoreUnavailable`."""
    return await spare(certificate_id(sha256), record, blocks=blocks, entropy=entropy)


async def spare(credential: str, record: Record, *, blocks: Blocks, entropy: Entropy) -> Block:
    """The same of a credential, as the access log names it."""
    block = Block(
        id=new_id("blk", entropy),
        target=Target(kind=TargetKind.CREDENTIAL, id=credential),
        measure=Measure.SPARE,
        record=record,
        until=record.at + _FOR,
    )
    await blocks.add([block])
    return block
