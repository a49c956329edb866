"""FC316."""

from __future__ import annotations

from dataclasses import replace

from forecourt.diagnostics import Severity
from forecourt.estate.changes import Changes
from forecourt.governance.lifecycle.rests_on_functions import RULE
from tests.contract.lenses.builders import changes
from tests.governance.builders import an_api, an_estate, findings

_PAIR = "{function: f.py, raise: up, lower: down, in: [charge, refund], because: x}"
_RENAME = "{rename: a, to: b, in: [Thing], because: x}"


def _found(declared: Changes) -> list[str]:
    api = replace(an_api(), changes=(declared,))
    return [each.message for each in findings(RULE, an_estate(api))]


def test_an_operation_that_rests_on_functions_is_told_at_the_change() -> None:
    declared = changes(_PAIR)
    (found,) = findings(RULE, an_estate(replace(an_api(), changes=(declared,))))
    assert found.message == (
        "what becomes of requests and answers of `charge`, `refund` rests on functions of `f.py` "
        "and their tests; it is not proved"
    )
    assert found.span == declared.changes[0].places["function"]
    assert found.version == "1"
    assert RULE.severity is Severity.WARNING


def test_one_way_is_told_alone() -> None:
    (found,) = _found(changes(_PAIR.replace("raise: up, ", "")))
    assert found.startswith("what becomes of answers of")


def test_lenses_rest_on_nothing() -> None:
    assert _found(changes(_RENAME)) == []
