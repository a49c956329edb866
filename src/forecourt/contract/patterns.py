"""Regular expressions of ECMAScript, said so that every engine reads them as it does."""

from __future__ import annotations

import re

_COUNTED = re.compile(r"\{\d+(?:,\d*)?\}")
_ESCAPE = re.compile(r"\\(?:[pPu]\{[^}]*\}|k<[^>]*>|.)", re.DOTALL)
_SET_OF_CHARACTERS = re.compile(r"\\[dDwWsSpP]")


def strict(pattern: str) -> str:
    r"""The same pattern without what only annex B of ECMA-262 allows, which engines refuse.

    A brace that counts nothing is escaped, and a hyphen beside `\w` in a set; `[^]` and `[]` are
    written in full. What is no pattern stays none.
    """
    said: list[str] = []
    at = 0
    while at < len(pattern):
        token = _token(pattern, at)
        said.append(_STRICT.get(token) or (_strict_set(token) if _SET.match(token) else token))
        at += len(token)
    return "".join(said)


_STRICT = {"{": r"\{", "[^]": r"[\s\S]", "[]": "(?!)"}

_SET = re.compile(r"\[\^?(?:\\.|[^\\\]])*\]", re.DOTALL)


def _token(pattern: str, at: int) -> str:
    for expression in (_ESCAPE, _SET, _COUNTED):
        if found := expression.match(pattern, at):
            return found[0]
    return pattern[at]


def _strict_set(token: str) -> str:
    """A set in which a hyphen that makes no range is escaped."""
    members = re.findall(r"\\[pPu]\{[^}]*\}|\\.|[^\\]", token[1:-1], re.DOTALL)
    for number in range(1, len(members) - 1):
        beside = (members[number - 1], members[number + 1])
        if members[number] == "-" and any(map(_SET_OF_CHARACTERS.match, beside)):
            members[number] = r"\-"
    return f"[{''.join(members)}]"
