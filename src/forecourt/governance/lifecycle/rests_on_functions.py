"""Functions say what becomes of an operation's bodies, and nobody can prove what they do.

Why it matters
    What lenses do is proved against both contracts before it is published. What a function does is
    known when it is called: one that raises an error refuses the call, and one that makes something
    wrong is noticed by callers of the older version. That operation rests on the function's tests.

Bad
    # apis/payments/changes/2.yaml
    changes:
      - {function: charges.py, raise: raised, lower: lowered, in: [charge], because: clarity}

    # apis/payments/changes/charges.py
    def raised(body): ...
    def lowered(body): ...

Good
    # apis/payments/changes/2.yaml
    changes:
      - {rename: customer_id, to: customerId, in: [Payment, CreatePayment], because: clarity}

When to waive
    When the functions are tested, and no lens says what they do.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.estate.changes import Function
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each change that names functions."""
    for api in subject.estate.apis.values():
        for changes in api.changes:
            for lens in changes.changes:
                if isinstance(lens, Function):
                    operations = ", ".join(f"`{name}`" for name in lens.within)
                    ways = [
                        n for n, f in (("requests", lens.raises), ("answers", lens.lowers)) if f
                    ]
                    yield Finding(
                        message=f"what becomes of {' and '.join(ways)} of {operations} rests on "
                        f"functions of `{lens.file}` and their tests; it is not proved",
                        span=lens.places["function"],
                        help="say it with lenses where they can, or waive this when the functions "
                        "are tested",
                        api=api.name,
                        version=changes.follows,
                    )


RULE = Rule(
    code="FC316",
    name="rests-on-functions",
    summary="functions say what becomes of an operation, and their tests alone show it",
    severity=Severity.WARNING,
    since="0.1",
    waivable=True,
    check=check,
    explanation=__doc__,
)
