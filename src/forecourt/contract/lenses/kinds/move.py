"""A scalar has another place in the message.

Way up: what a request has in its query, a header field, a cookie, its path or its body moves to
where the newer version has it, under the name `as`; out of a parameter into the body it becomes a
value of the member's type. Way down, with `message: answer`: between body and header field. What is
not there does not move. Of a body, members of the object that it is move.

Losses
    What is no scalar, on the way out of a body, and what is no value of the member's type, on the
    way in. `on_loss` says what becomes of it: `refuse` the message (unless something else is
    written), `omit` it, or make it `null`.
"""

from __future__ import annotations

from forecourt.contract.lenses.kind import MessageLens, Shown
from forecourt.contract.lenses.naming import as_sent
from forecourt.contract.lenses.program import Move as MoveStep
from forecourt.contract.lenses.steps import OnLoss
from forecourt.estate.changes import Move


def lowering(move: Move) -> MoveStep:
    """The way down, in answers."""
    return MoveStep(
        name=as_sent(move.to, move.target),
        to=as_sent(move.name, move.source),
        source=move.target,
        target=move.source,
        on_loss=OnLoss(move.on_loss),
    )


LENS = MessageLens(
    key="move",
    declared=Move,
    summary="a scalar has another place in the message",
    page=__doc__,
    shown=(
        Shown(
            title="A parameter that belongs into the body",
            lens="{move: notify, from: query, to: body, in: [ship], because: it is not a filter}",
            below='POST /orders/7/ship?notify=true\n\n{"carrier": "post"}',
            above='POST /orders/7/ship\n\n{"carrier": "post", "notify": true}',
        ),
    ),
)
