"""What the control plane and a process that judges for it say to each other, in frames."""

from __future__ import annotations

from typing import Literal

import msgspec


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A body, and the schema of a contract that it is to keep; or the schemas of a contract."""

    contract: str
    root: str = ""
    body: bytes = b""
    schemas: bytes | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """`forgotten`: bring the schemas, ask again. `lost`: the contract has no such schema.

    `faults` are pointer, keyword and what was expected.
    """

    verdict: Literal["kept", "broken", "no-json", "forgotten", "lost"]
    faults: tuple[tuple[str, str, str | None], ...] = ()


_QUESTIONS = msgspec.msgpack.Decoder(Question)
_ANSWERS = msgspec.msgpack.Decoder(Answer)


def written(said: Question | Answer) -> bytes:
    """Its bytes."""
    return msgspec.msgpack.encode(said)


def question(content: bytes) -> Question:
    """What was asked."""
    return _QUESTIONS.decode(content)


def answer(content: bytes) -> Answer:
    """What was answered."""
    return _ANSWERS.decode(content)
