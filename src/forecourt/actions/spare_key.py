"""Keep a key from being blocked for what its owner does with it: looking for openings."""

from __future__ import annotations

from datetime import timedelta

from forecourt.actions.block import Block, Blocks, Measure, Target, TargetKind
from forecourt.actions.block_target import KnownCredentials, credential_of
from forecourt.actions.entropy import Entropy, new_id
from forecourt.actions.record import Record

# A run that asks for everything takes some minutes.
_FOR = timedelta(hours=1)


async def spare_key(
    key: str, record: Record, *, keys: KnownCredentials, blocks: Blocks, entropy: Entropy
) -> Block | None:
    """No detector does anything about the key for an hour, on the record; None: nobody was given
    it. Raises `StoreUnavailable`."""
    found = await credential_of(key, keys)
    if found is None:
        return None
    block = Block(
        id=new_id("blk", entropy),
        target=Target(kind=TargetKind.CREDENTIAL, id=found.id),
        measure=Measure.SPARE,
        record=record,
        until=record.at + _FOR,
    )
    await blocks.add([block])
    return block
