"""Every kind of finding there is: what its code stands for, in a phrase."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from forecourt.contract.codes import CODES as CONTRACT_CODES
from forecourt.contract.comparison.catalogue import KINDS
from forecourt.governance import RULES
from forecourt.source.codes import CODES as SOURCE_CODES

SUMMARIES: Mapping[str, str] = MappingProxyType(
    {code.code: code.summary for code in (*SOURCE_CODES, *CONTRACT_CODES)}
    | {rule.code: rule.summary for rule in RULES}
)

# Of kinds of change, which `diff` writes in the same formats.
OF_CHANGES: Mapping[str, str] = MappingProxyType({kind.id: kind.summary for kind in KINDS})
