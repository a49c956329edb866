"""An operation is another one, or is gone.

Way up: calls of the older operation go to `becomes`, with its method and path. Parameters of the
path keep their order, unless `path` says which stands where. Way down: answers come back to the
caller of the older one. `body` and `answer` say what becomes of a body as a whole: with
`{wrap: name}` it is a member of the newer one, with `{unwrap: name}` what a member of the older one
held. Other lenses work in it before that on the way up, and after it on the way down.

Operations that both versions have at one method and path need no such change.

Losses
    Without `becomes`, the whole operation: calls are answered with 410 `operation-gone` and what
    `because` says. With `answer: {wrap: …}`, what stands beside the member; it is refused, unless
    an `add` says that it is new.
"""

from __future__ import annotations

from forecourt.contract.lenses.kind import MessageLens, Shown
from forecourt.contract.lenses.steps import InObject, OutOfObject, Step
from forecourt.contract.lenses.steps import Whole as WholeStep
from forecourt.estate.changes import Operation, Whole


def up(whole: Whole | None) -> tuple[Step, ...]:
    """What becomes of the body of a request."""
    match whole:
        case None:
            return ()
        case Whole(lens="wrap"):
            return (WholeStep(by=InObject(name=whole.name)),)
        case _:
            return (WholeStep(by=OutOfObject(name=whole.name)),)


def down(whole: Whole | None) -> tuple[Step, ...]:
    """What becomes of the body of an answer."""
    match whole:
        case None:
            return ()
        case Whole(lens="wrap"):
            return (WholeStep(by=OutOfObject(name=whole.name)),)
        case _:
            return (WholeStep(by=InObject(name=whole.name)),)


LENS = MessageLens(
    key="operation",
    declared=Operation,
    summary="an operation is another one, or is gone",
    page=__doc__,
    shown=(
        Shown(
            title="Charges are payments",
            lens="{operation: charge, becomes: createPayment, body: {wrap: charge},\n"
            " because: charges are payments}",
            below='POST /charges\n\n{"amount": 4990}',
            above='POST /payments\n\n{"charge": {"amount": 4990}}',
        ),
    ),
)
