from __future__ import annotations

import re
from pathlib import Path

from forecourt.contract.codes import CODES
from forecourt.source import codes as of_source

TESTS = Path(__file__).parent


def test_each_code_and_name_is_used_once() -> None:
    everything = (*CODES, *of_source.CODES)
    assert len({c.code for c in everything}) == len(everything)
    assert len({c.name for c in everything}) == len(everything)


def test_codes_stay_in_their_range_and_order() -> None:
    codes = [c.code for c in CODES]
    assert codes == sorted(codes)
    assert [c for c in codes if not re.fullmatch(r"FC1\d\d", c)] == []


def test_each_code_is_provoked_by_a_test() -> None:
    modules = ("reading", "overlays", "limit_marks")
    text = "".join((TESTS / f"test_{name}.py").read_text() for name in modules)
    assert [c.code for c in CODES if f"{c.code} {c.name}" not in text] == []
