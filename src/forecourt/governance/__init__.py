"""Rules about the estate: one module a rule, waivers for those that allow it."""

from forecourt.governance.govern import govern
from forecourt.governance.part import part_of
from forecourt.governance.rule import ContractFacts, Facts, Finding, Rule, Subject, UncoveredFact
from forecourt.governance.rules import RULES, rule_called
from forecourt.governance.supposing import Supposed

__all__ = [
    "RULES",
    "ContractFacts",
    "Facts",
    "Finding",
    "Rule",
    "Subject",
    "Supposed",
    "UncoveredFact",
    "govern",
    "part_of",
    "rule_called",
]
