"""Why a reference leads nowhere, for the person who has to mend it."""

from __future__ import annotations

from posixpath import basename

from forecourt.contract import codes
from forecourt.contract.assembling import Assembled
from forecourt.contract.locating import Outside, located
from forecourt.contract.references import Lost
from forecourt.contract.trouble import Trouble
from forecourt.source.codes import Code
from forecourt.source.quoting import shown

# Of a file that a reference means; whoever has no estate yet says where it was looked for.
NOT_IN_ESTATE = "is not in the estate"


def lost_trouble(lost: Lost, whole: Assembled, *, matters: bool) -> Trouble:
    """The mistake that a lost reference is; `matters`: an operation cannot be without it."""
    code, message, help = _why(lost, whole)
    if not matters:
        code = codes.LOST_ASIDE
    return Trouble(
        code=code, at=lost.at, message=message, help=help, on="value", alike=lost.reference
    )


def _why(lost: Lost, whole: Assembled) -> tuple[Code, str, str | None]:
    written = whole.as_written.get(lost.reference, lost.reference)
    if lost.reason == "cycle":
        return codes.REFERENCE_CYCLE, f"{shown(written)} leads back to itself, or on and on", None
    if lost.reason == "nothing":
        where = "this document" if written.startswith("#") else "that file"
        message = f"{shown(written)} refers to something that is not in {where}"
        return codes.BROKEN_REFERENCE, message, None
    target = located(lost.reference, whole.file_of(lost.at))
    if isinstance(target, Outside):
        return codes.REFERENCE_ELSEWHERE, target.message, target.help
    message = f"{shown(lost.reference)} refers to a file that "
    if target.path in whole.unreadable:
        return codes.BROKEN_REFERENCE, f"{message}cannot be read", None
    help = f"write `{target.path}`" if basename(target.path).endswith(_READ) else _OTHER_FILES
    return codes.BROKEN_REFERENCE, f"{message}{NOT_IN_ESTATE}", help


_READ = (".yaml", ".yml", ".json")
_OTHER_FILES = "refer to a file whose name ends in .yaml, .yml or .json"
