"""What there is to show of the example estate, without serving it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from forecourt.actions.check_estate import examine
from forecourt.actions.estate_files import files_below
from forecourt.actions.parts import edge_of, wanted_parts
from forecourt.cli.welcome import Shown
from forecourt.edge.material import MaterialFolder
from forecourt.estate.organization import Address
from forecourt.server.local_callers import LocalCallers
from forecourt.source.folder import EstateFolder

ROOT = Path(__file__).parents[2]
ACME = ROOT / "examples" / "acme"
CALLERS = LocalCallers(
    developer=f"fc_live_{'D' * 33}", partners={"acme-corp": f"fc_live_{'P' * 33}"}
)


def acme(callers: LocalCallers | None = CALLERS) -> Shown:
    """The first revision of it."""
    files, mistakes = EstateFolder(ACME).read()
    examined = examine(files, None, date(2026, 1, 1), mistakes=mistakes, others=files_below(ACME))
    return Shown(
        folder=ACME,
        operations=Address(host="127.0.0.1", port=9464),
        edge=edge_of(wanted_parts(examined.estate, {}, local=True), {}),
        examined=examined,
        revision=1,
        material=MaterialFolder(ACME / ".forecourt"),
        callers=callers,
    )
