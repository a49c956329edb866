"""What becomes of documents that others publish: `python -m bench.documents [FOLDER]`.

FOLDER holds OpenAPI documents in folders; without one it is `../shared/data`. A document is a row;
those of a folder of more than a dozen, a collection, stand in a second table. Each is read in a
process of its own; its peak memory is that of the whole process.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from forecourt.contract import read_contract
from forecourt.contract.codes import SAME_TEMPLATE
from forecourt.diagnostics import Diagnostic, Severity

_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_ENDINGS = {".json", ".yaml", ".yml"}
_BEGINS = re.compile(r"""^(?:\{\s*)?\s*["']?(?:openapi|swagger)["']?\s*:""", re.MULTILINE)
_COLLECTION_FROM = 13
_HEAD = (
    "| document | size | operations | served | left out | warnings | seconds | MB | why |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
)


def main() -> int:
    """Print both tables."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("folder", type=Path, nargs="?", default=_DATA)
    arguments.add_argument("--read", nargs="*", metavar="FILE", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.read is not None:
        print(json.dumps(measured(given.folder, given.read)))
        return 0
    for title, documents in zip(("Documents", "Collections"), tables(given.folder), strict=True):
        print(f"\n## {title}\n\n{_HEAD}")
        for document in documents:
            print(_row(document, given.folder), flush=True)
    print(f"\nA process that reads nothing has {_in_a_process(given.folder, [])['mb']:.0f} MB.")
    return 0


def tables(folder: Path) -> tuple[list[str], list[str]]:
    """The documents below a folder by table: their paths from it."""
    by_folder: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in _ENDINGS and path.is_file() and is_document(path):
            place = path.relative_to(folder)
            by_folder.setdefault(place.parts[0], []).append(place.as_posix())
    documents, collections = list[str](), list[str]()
    for found in by_folder.values():
        (collections if len(found) >= _COLLECTION_FROM else documents).extend(found)
    return documents, collections


def is_document(path: Path) -> bool:
    """Whether it says that it is one; parts of others do not."""
    return _BEGINS.search(path.read_text(encoding="utf-8", errors="replace")) is not None


def others(folder: Path) -> Callable[[str], str | None]:
    """What documents of the folder may refer to."""

    def other(path: str) -> str | None:
        file = folder / path
        if file.suffix not in _ENDINGS or not file.is_file():
            return None
        return file.read_text(encoding="utf-8", errors="replace")

    return other


def measured(folder: Path, documents: Iterable[str]) -> dict[str, Any]:
    """What came of reading these, in this process. `operations` are all that they describe."""
    found: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    began = time.process_time()
    for document in documents:
        text = (folder / document).read_text(encoding="utf-8", errors="replace")
        contract, diagnostics = read_contract(text, document, others(folder))
        found["bytes"] += len(text.encode())
        found["warnings"] += sum(d.severity is Severity.WARNING for d in diagnostics)
        if contract is None:
            found["refused"] += 1
            reasons[f"refused: {diagnostics[0].name}"] += 1
            continue
        found["files"] += len(contract.files)
        found["bytes"] += sum((folder / file).stat().st_size for file in contract.files)
        found["operations"] += len(contract.operations) + len(contract.left_out)
        found["served"] += len(contract.operations)
        found["left_out"] += len(contract.left_out)
        reasons.update(d.name for d in diagnostics if leaves_out(d))
    seconds = time.process_time() - began
    return {**found, "seconds": seconds, "mb": peak_mb(), "reasons": reasons}


def leaves_out(diagnostic: Diagnostic) -> bool:
    """Whether it may cost an operation."""
    return diagnostic.severity is Severity.ERROR or diagnostic.name == SAME_TEMPLATE.name


def peak_mb() -> float:
    """The most memory that this process has had; `getrusage` begins with its parent's."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024


def _in_a_process(folder: Path, documents: list[str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.documents", str(folder), "--read", *documents]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    nothing = dict.fromkeys(("warnings", "operations", "served", "left_out"), 0)
    return {**nothing, **json.loads(done.stdout)}


def _row(document: str, folder: Path) -> str:
    found = _in_a_process(folder, [document])
    name = f"`{document}`"
    if found.get("files"):
        name += f", {found['files'] + 1:,} files"
    reasons = found["reasons"].items()
    why = ", ".join(f"{reason} ({n})" if n > 1 else reason for reason, n in sorted(reasons))
    cells = (
        name,
        _size(found["bytes"]),
        f"{found['operations']:,}",
        f"{found['served']:,}",
        f"{found['left_out']:,}",
        f"{found['warnings']:,}",
        f"{found['seconds']:.2f}",
        f"{found['mb']:.0f}",
        why,
    )
    return f"| {' | '.join(cells)} |"


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


if __name__ == "__main__":
    sys.exit(main())
