"""The catalogue of rules keeps its promises."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

import forecourt.governance
from forecourt.contract.codes import CODES as CONTRACT_CODES
from forecourt.governance import RULES, Rule, rule_called
from forecourt.source.codes import CODES as SOURCE_CODES

_TESTS = Path(__file__).parent
_FAMILIES = {"FC2": "exposure", "FC3": "lifecycle", "FC4": "references", "FC9": "waivers"}
_SECTIONS = ["Why it matters", "Bad", "Good", "When to waive"]
_each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def test_codes_and_names_are_unique_among_all_diagnostics() -> None:
    kinds = (*RULES, *SOURCE_CODES, *CONTRACT_CODES)
    codes, names = [k.code for k in kinds], [k.name for k in kinds]
    assert sorted(codes) == sorted(set(codes))
    assert sorted(names) == sorted(set(names))


def test_rules_are_in_the_order_of_their_codes() -> None:
    assert [r.code for r in RULES] == sorted(r.code for r in RULES)


def test_every_module_of_a_family_that_defines_a_rule_is_registered() -> None:
    package = Path(forecourt.governance.__file__).parent
    defined = {
        path.stem
        for family in _FAMILIES.values()
        for path in (package / family).glob("*.py")
        if re.search(r"^RULE = ", path.read_text(), re.MULTILINE)
    }
    assert defined == {r.name.replace("-", "_") for r in RULES}


@_each_rule
def test_a_rule_lives_in_the_module_of_its_name_in_the_family_of_its_code(rule: Rule) -> None:
    family, module = _FAMILIES[rule.code[:3]], rule.name.replace("-", "_")
    assert rule.check.__module__ == f"forecourt.governance.{family}.{module}"


@_each_rule
def test_a_rule_has_a_test_module_of_its_own(rule: Rule) -> None:
    module = rule.name.replace("-", "_")
    assert (_TESTS / _FAMILIES[rule.code[:3]] / f"test_{module}.py").is_file()


@_each_rule
def test_a_rule_has_a_page_with_its_four_sections(rule: Rule) -> None:
    assert rule.explanation == sys.modules[rule.check.__module__].__doc__
    lines = rule.explanation.splitlines()
    assert [line for line in lines if line in _SECTIONS] == _SECTIONS
    assert lines[0].endswith(".")


@_each_rule
def test_a_page_says_never_exactly_where_no_waiver_helps(rule: Rule) -> None:
    waive = rule.explanation.partition("When to waive\n")[2].strip()
    assert waive.startswith("Never") is not rule.waivable


@_each_rule
def test_a_summary_is_a_phrase(rule: Rule) -> None:
    assert rule.summary[0].islower()
    assert not rule.summary.endswith(".")
    assert len(rule.summary) <= 80


def test_a_rule_goes_by_name_and_by_code() -> None:
    for rule in RULES:
        assert rule_called(rule.code) is rule
        assert rule_called(rule.name) is rule
    assert rule_called("no-such-rule") is None
