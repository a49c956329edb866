"""What a rule is, what it looks at, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from forecourt.contract.model import AudienceMark, Contradiction, TemplatePlace
from forecourt.diagnostics import Severity, Span
from forecourt.estate.model import Estate


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFacts:
    """What rules need to know of a contract: what it marks for whom, and what comes of it.

    `undated` is what is deprecated and names no day; `own` are paths that may be the gateway's own.
    `anonymous` are the operations that ask for no credential. `has_limits`: some have limits of
    their own.
    """

    path: str
    marks: tuple[AudienceMark, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    undated: tuple[Span, ...] = ()
    has_limits: bool = False
    own: tuple[TemplatePlace, ...] = ()
    anonymous: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedVersion:
    """A version that was published last, the day from which it is gone for everybody, and where it
    stands (`/payments/v1/`).

    Only what somebody was promised: an internal API's versions may go when its callers have moved.
    """

    name: str
    sunset: date | None
    prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UncoveredFact:
    """A difference between two versions that no change in `file` accounts for.

    `where` and `message` say what it is. It `breaks`, or only narrows who sees something.
    """

    api: str
    older: str
    newer: str
    file: str
    where: str
    message: str
    span: Span
    breaks: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is true beside the estate's own words.

    `files` are the paths that exist, from the estate's root; in those of `unreadable` something
    could not be read, so a name that seems to be missing may stand there. `unread_apis` could not
    be read although nothing is wrong in their own folders. `variables` are the names of the
    environment variables that are set; None where this machine stands in for the real one.
    `contracts` holds those that could be read, by `Version.document`. `unusable` says why a file of
    keys or certificates cannot be used, by its path from the estate's root; `ending` on which day
    one ends that does soon, or has ended. `served` are the versions that were published last, by
    API; None where nobody can say. `uncovered` is what breaks between versions although there are
    changes between them.
    """

    files: frozenset[str]
    unreadable: frozenset[str] = frozenset()
    unread_apis: frozenset[str] = frozenset()
    variables: frozenset[str] | None = None
    contracts: Mapping[str, ContractFacts] = field(default_factory=dict)
    unusable: Mapping[str, str] = field(default_factory=dict)
    ending: Mapping[str, date] = field(default_factory=dict)
    served: Mapping[str, tuple[ServedVersion, ...]] | None = None
    uncovered: tuple[UncoveredFact, ...] = ()

    @property
    def is_local(self) -> bool:
        """Whether certificates and secrets of the real place are not to be expected here."""
        return self.variables is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place where a rule does not hold.

    `api`, `version` and `dimension` say what a waiver must name to cover it; a finding about no API
    cannot be waived.
    """

    message: str
    span: Span
    help: str
    api: str | None = None
    version: str | None = None
    dimension: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a rule looks at.

    `rules` are all that exist. `needed` names the waivers that cover a finding, whether or not they
    still count; it is known only to the rules about waivers, which come last.
    """

    estate: Estate
    facts: Facts
    today: date
    rules: tuple[Rule, ...]
    needed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that must hold of every estate.

    `explanation` is the page that `forecourt explain` prints: the module's docstring. `waivable`
    says whether somebody may take the responsibility for breaking it. One that `needs_all` draws
    its findings from what others did not find, so it says nothing of what is known in part. One
    that is `about_gone` speaks of what is in the estate no more, and knows it by what was served.
    """

    code: str
    name: str
    summary: str
    severity: Severity
    since: str
    waivable: bool
    check: Callable[[Subject], Iterator[Finding]]
    explanation: str
    needs_all: bool = False
    about_gone: bool = False

    def is_called(self, word: str) -> bool:
        """Whether the word is its name or its code."""
        return word in (self.code, self.name)
