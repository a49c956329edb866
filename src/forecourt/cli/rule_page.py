"""What a code stands for, as a page to read."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc

from forecourt.contract.codes import CODES as CONTRACT_CODES
from forecourt.governance import RULES, Rule, rule_called
from forecourt.source.codes import CODES as SOURCE_CODES
from forecourt.source.codes import Code

_CODES: tuple[Code, ...] = (*SOURCE_CODES, *CONTRACT_CODES)


def page_of(word: str) -> str | None:
    """The page of the rule with that name or code (codes in any case); None if there is none."""
    wanted = word.upper() if word[:2].upper() == "FC" else word
    rule = rule_called(wanted)
    if rule is not None:
        return _of_rule(rule)
    code = next((c for c in _CODES if wanted in (c.code, c.name)), None)
    return _of_code(code) if code is not None else None


def known_words() -> Iterator[str]:
    """Every name and code that has a page."""
    for rule in RULES:
        yield from (rule.name, rule.code)
    for code in _CODES:
        yield from (code.name, code.code)


def _of_rule(rule: Rule) -> str:
    waivable = "can be waived" if rule.waivable else "cannot be waived"
    head = f"{rule.code} {rule.name} ({rule.severity.value}, {waivable}, since {rule.since})"
    return f"{head}\n\n{cleandoc(rule.explanation)}"


def _of_code(code: Code) -> str:
    head = f"{code.code} {code.name} ({code.severity.value}, cannot be waived)"
    return f"{head}\n\n{code.summary[0].upper()}{code.summary[1:]}."
