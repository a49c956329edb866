"""Where the audit log ended, in a file beside the database: what was there cannot be taken off."""

from __future__ import annotations

from pathlib import Path

import msgspec

from forecourt.actions.audit import AuditHead
from forecourt.edge.locks import held
from forecourt.edge.replacing import replace_file


class UnreadableAnchor(Exception):
    """The file is there and names no end of a log; `path` is for the person who must look."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: it names no end of an audit log; was it written by hand?")
        self.path = path


class AuditAnchor:
    """One machine's memory of the end of the log. It only moves forward."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def known(self) -> AuditHead | None:
        """The end that was seen last; None where there is no file. Raises `UnreadableAnchor`."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=AuditHead)
        except FileNotFoundError:
            return None
        except msgspec.MsgspecError:
            raise UnreadableAnchor(self._path) from None

    def keep(self, head: AuditHead) -> None:
        """Remembers an end, unless a later one of the same database is known. Raises `OSError`, and
        `UnreadableAnchor`: a broken one is evidence, and stays."""
        with held(self._path.parent / "run" / f"{self._path.name}.lock", wait=True):
            known = self.known()
            if known is not None and (known.epoch != head.epoch or known.number >= head.number):
                return  # of another database: whoever verifies must hear of it
            replace_file(self._path, msgspec.json.encode(head))
