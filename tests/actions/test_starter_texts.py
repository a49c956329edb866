"""The estate that people begin with is sound, and says what each file is for."""

from __future__ import annotations

from datetime import date

from forecourt.actions.check_estate import examine
from forecourt.actions.starter_texts import estate_texts

TEXTS = estate_texts(organization="Acme")


def test_nothing_is_wrong_with_it() -> None:
    examined = examine(dict(TEXTS), None, date(2024, 3, 1), variables=frozenset())
    assert examined.diagnostics == ()
    assert sorted(examined.estate.apis) == ["lamps", "stock"]
    assert {str(o) for c in examined.contracts.values() for o in c.operations} == {
        "GET /lamps",
        "GET /lamps/{id}",
        "GET /stock",
    }


def test_every_file_that_people_edit_begins_with_what_it_is_for() -> None:
    without = [p for p, t in TEXTS.items() if not t.startswith("# ")]
    assert without == ["apis/stock/openapi.yaml"]


def test_lines_fit_an_editor() -> None:
    assert [line for t in TEXTS.values() for line in t.splitlines() if len(line) > 100] == []
