"""What is known of contracts without reading them again, and who remembers it between two runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from forecourt.compiler.ir.apis import ContractRef
from forecourt.contract.model import JudgedElsewhere, LeftOut, OperationPlace
from forecourt.diagnostics import Diagnostic
from forecourt.governance import ContractFacts, UncoveredFact


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What came of reading a contract, without the contract.

    `inputs` are the files that were read for it, by path from the estate's root: the SHA-256 of
    each in hexadecimal digits, "" where it was looked for and not there. While they are the same,
    so is the rest. `facts` None: there is nothing to serve. `elsewhere`: what of its requests the
    edge leaves to the control plane. `operations` and `left_out` say where those of the document
    stand, and `compiled` what was made of it for whom, for who explains a request.
    """

    inputs: Mapping[str, str]
    facts: ContractFacts | None
    diagnostics: tuple[Diagnostic, ...]
    elsewhere: tuple[JudgedElsewhere, ...] = ()
    operations: tuple[OperationPlace, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    compiled: tuple[ContractRef, ...] = ()


class ContractMemory(Protocol):
    """Remembers as well as it can: a memory that fails has forgotten, and raises nothing."""

    def recall(self, path: str, digest: str) -> Judged | None:
        """What came of the document at a path with that SHA-256; its other inputs may be old."""
        ...

    def remember(self, path: str, digest: str, judged: Judged) -> None:
        """Keeps it for the next time."""
        ...


class ProofMemory(Protocol):
    """Remembers what breaks in spite of changes between versions, as well as it can, too."""

    def recall_proof(self, digest: str) -> tuple[UncoveredFact, ...] | None:
        """What was found of everything that has that SHA-256; None where nothing is known."""
        ...

    def remember_proof(self, digest: str, uncovered: tuple[UncoveredFact, ...]) -> None:
        """Keeps it for the next time."""
        ...
