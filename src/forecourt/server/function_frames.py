"""What the control plane and a process that runs the estate's functions say, in frames."""

from __future__ import annotations

from typing import Literal

import msgspec


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A body, and the function of a file that is to change it; or what stands in a file."""

    file: str
    function: str = ""
    body: bytes = b""
    source: bytes | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """`forgotten`: bring the file, ask again. `lost`: the file has no such function.

    `done` has a body. `refused` and `failed` say why: the function refused the body by a
    `ValueError`, or anything else went wrong in it.
    """

    outcome: Literal["done", "refused", "failed", "forgotten", "lost"]
    body: bytes = b""
    why: str = ""


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
