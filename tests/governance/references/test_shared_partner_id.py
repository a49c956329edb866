"""FC409."""

from __future__ import annotations

from forecourt.governance.references.shared_partner_id import RULE
from tests.governance.builders import a_partner, an_estate, findings, messages


def test_a_copied_contract_is_found_in_both_files() -> None:
    a, b = a_partner("acme-corp", id="p"), a_partner("globex", id="p")
    found = findings(RULE, an_estate(a, b))
    assert [f.message for f in found] == [
        "`p` is also the id in `partners/globex.yaml`",
        "`p` is also the id in `partners/acme-corp.yaml`",
    ]
    assert [f.span for f in found] == [a.places["id"], b.places["id"]]


def test_ids_of_their_own_pass() -> None:
    assert messages(RULE, an_estate(a_partner("a"), a_partner("b"))) == []
