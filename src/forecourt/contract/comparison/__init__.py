"""Two contracts compared: what changed, in which direction it matters, and what it breaks."""

from forecourt.contract.comparison.change import Change, Comparison
from forecourt.contract.comparison.compare import compare
from forecourt.contract.comparison.kind import Kind
from forecourt.contract.comparison.verdict import Verdict

__all__ = ["Change", "Comparison", "Kind", "Verdict", "compare"]
