"""What can be wrong with the text of a file: the codes FC001 to FC099."""

from __future__ import annotations

from dataclasses import dataclass

from forecourt.diagnostics import Diagnostic, Severity, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A kind of mistake. `code` never changes its meaning; `name` is what people say.

    `in_contracts` is how much it matters in others' documents, where that is something else.
    """

    code: str
    name: str
    summary: str
    severity: Severity = Severity.ERROR
    in_contracts: Severity | None = None

    @property
    def matters(self) -> str:
        """How much, in words."""
        if self.in_contracts is None:
            return self.severity.value
        return f"{self.severity.value}; {self.in_contracts.value} in a contract"

    def at(self, span: Span, message: str, *, help: str | None = None) -> Diagnostic:
        """One mistake of this kind, at its place."""
        return Diagnostic(
            code=self.code,
            name=self.name,
            severity=self.severity,
            message=message,
            span=span,
            help=help,
        )


UNREADABLE_YAML = Code(
    code="FC001", name="unreadable-yaml", summary="a file is neither YAML nor JSON"
)
UNREADABLE_FILE = Code(
    code="FC002", name="unreadable-file", summary="a file cannot be opened, or is too large"
)
NOT_UTF8 = Code(code="FC003", name="not-utf8", summary="a file is not UTF-8 text")
BAD_CHARACTER = Code(
    code="FC004", name="bad-character", summary="a character that no text file may hold"
)
SEVERAL_DOCUMENTS = Code(
    code="FC005", name="several-documents", summary="a file holds more than one YAML document"
)
UNKNOWN_TAG = Code(code="FC006", name="unknown-tag", summary="a YAML tag other than the standard")
BAD_ALIAS = Code(
    code="FC007", name="bad-alias", summary="a YAML alias names nothing, itself, or far too much"
)
TOO_DEEP = Code(code="FC008", name="too-deep", summary="values are nested too deeply")
DUPLICATE_KEY = Code(
    code="FC009",
    name="duplicate-key",
    summary="a key is written twice",
    in_contracts=Severity.WARNING,
)
MISSING_KEY = Code(code="FC010", name="missing-key", summary="a key that must be there is not")
WRONG_TYPE = Code(
    code="FC011", name="wrong-type", summary="a text where a list was expected, and the like"
)
NOT_ONE_OF = Code(code="FC012", name="not-one-of", summary="a value that is not one of a set")
UNKNOWN_KEY = Code(code="FC013", name="unknown-key", summary="a key that means nothing here")
BAD_NAME = Code(code="FC014", name="bad-name", summary="a name that cannot be a name")
BAD_NUMBER = Code(code="FC015", name="bad-number", summary="not a number, or out of its range")
BAD_QUANTITY = Code(
    code="FC016", name="bad-quantity", summary="not a percentage, duration, size or rate"
)
BAD_DATE = Code(code="FC017", name="bad-date", summary="not a date of the calendar")
BAD_URL = Code(code="FC018", name="bad-url", summary="not an http or https URL with a host")
BAD_ADDRESS = Code(code="FC019", name="bad-address", summary="not a host, or not a host and port")
BAD_IDENTITY = Code(code="FC020", name="bad-identity", summary="not a SPIFFE identity")
BAD_PATH = Code(
    code="FC021", name="bad-path", summary="a path that cannot be served, or leaves the estate"
)
NAME_MISMATCH = Code(
    code="FC022", name="name-mismatch", summary="a name differs from its folder's or file's"
)
NOT_OVERRIDABLE = Code(
    code="FC023", name="not-overridable", summary="a key that no environment may set"
)
STRAY_FILE = Code(
    code="FC024",
    name="stray-file",
    summary="a file at a place that means nothing",
    severity=Severity.WARNING,
)
MISSING_FILE = Code(code="FC025", name="missing-file", summary="a file that must be there is not")
BAD_VERSIONS = Code(
    code="FC026", name="bad-versions", summary="versions that do not fit their scheme or status"
)
BAD_TEXT = Code(code="FC027", name="bad-text", summary="a text that is empty or malformed")
DUPLICATE_VALUE = Code(
    code="FC028", name="duplicate-value", summary="a list holds the same value twice"
)
SECRET_IN_FILE = Code(
    code="FC029", name="secret-in-file", summary="a secret is written where everybody reads it"
)
UNKNOWN_LENS = Code(
    code="FC030", name="unknown-lens", summary="a change that is no lens, or two in one"
)
CHANGE_OF_NOTHING = Code(
    code="FC031", name="change-of-nothing", summary="a change names what its contract does not have"
)
OVERLAPPING_CHANGES = Code(
    code="FC032", name="overlapping-changes", summary="two changes say something of the same thing"
)
LENS_DOES_NOT_FIT = Code(
    code="FC033", name="lens-does-not-fit", summary="a lens that cannot do what it says there"
)

CODES: tuple[Code, ...] = (
    UNREADABLE_YAML,
    UNREADABLE_FILE,
    NOT_UTF8,
    BAD_CHARACTER,
    SEVERAL_DOCUMENTS,
    UNKNOWN_TAG,
    BAD_ALIAS,
    TOO_DEEP,
    DUPLICATE_KEY,
    MISSING_KEY,
    WRONG_TYPE,
    NOT_ONE_OF,
    UNKNOWN_KEY,
    BAD_NAME,
    BAD_NUMBER,
    BAD_QUANTITY,
    BAD_DATE,
    BAD_URL,
    BAD_ADDRESS,
    BAD_IDENTITY,
    BAD_PATH,
    NAME_MISMATCH,
    NOT_OVERRIDABLE,
    STRAY_FILE,
    MISSING_FILE,
    BAD_VERSIONS,
    BAD_TEXT,
    DUPLICATE_VALUE,
    SECRET_IN_FILE,
    UNKNOWN_LENS,
    CHANGE_OF_NOTHING,
    OVERLAPPING_CHANGES,
    LENS_DOES_NOT_FIT,
)
