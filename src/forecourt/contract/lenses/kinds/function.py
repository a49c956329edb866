"""What no lens can say, functions do.

Way up: the body of a request of these operations is what the function `raise` makes of it. Way
down: the body of a good answer (below 400) is what `lower` makes of it. They come in the place of
all lenses of that body; parameters, paths and moves stay lenses, as do the bodies of problems. Left
out, lenses say that way. Functions stand in a Python file beside the changes:

```python
# apis/payments/changes/charges.py
def raised(body):
    first, _, last = body["name"].rpartition(" ")
    if not first:
        raise ValueError("a name needs a first and a last part")
    return {"first": first, "last": last}


def lowered(body):
    return {"name": f"{body['first']} {body['last']}"}
```

A body is what `json.loads` makes of it, numbers with a fraction as `Decimal`; it must be JSON on
both sides. What is returned takes its place. Both are called in a process of the control plane,
with 0.4 seconds and 512 MiB, without a network and without files to write. That keeps mistakes in:
it is no sandbox, and whoever writes functions is trusted as whoever writes the estate. Only the
file itself is there and Python's standard library.

Losses
    What a function raises `ValueError` for: the message is refused as `not-representable`. Its
    reason is in the problem for callers who read detailed problems only, as those inside do, since
    the API's team wrote it. Anything else that goes wrong, or lasts too long, closes: 503
    before the service was asked, 502 after. What functions make is not proved, so `check` warns of
    each operation that rests on them (FC316): test them as any code of yours.
"""

from __future__ import annotations

from forecourt.contract.lenses.kind import MessageLens, Shown
from forecourt.estate.changes import Function

LENS = MessageLens(
    key="function",
    declared=Function,
    summary="what no lens can say, two functions of the estate do",
    page=__doc__,
    shown=(
        Shown(
            title="A name in two parts",
            lens="{function: charges.py, raise: raised, lower: lowered, in: [charge],\n"
            " because: names have parts}",
            below='POST /charges\n\n{"name": "Ada Lovelace"}',
            above='POST /charges\n\n{"first": "Ada", "last": "Lovelace"}',
        ),
    ),
)
