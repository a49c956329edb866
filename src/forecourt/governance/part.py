"""Which part of the estate a place belongs to: what an error there keeps from being published."""

from __future__ import annotations

from forecourt.diagnostics import Span
from forecourt.estate.model import Estate

ORGANIZATION = "organization"
_FILES = {"services.yaml": "services", "plans.yaml": "plans", "sla.yaml": "sla"}


def part_of(span: Span, estate: Estate) -> str:
    """`api/NAME`, `partner/NAME`, `services`, `plans`, `sla` or `organization`.

    A waiver belongs to the API it names, everything else below `apis` to the API in whose folder it
    lies (contracts lie nowhere else: `contract-elsewhere`). What belongs to nobody in particular
    belongs to the organisation.
    """
    match span.path.split("/"):
        case ["apis", folder, *_]:
            return f"api/{folder}"
        case ["partners", file]:
            return f"partner/{_stem(file)}"
        case ["waivers", *_]:
            return _of_waiver(span.path, estate)
        case [file]:
            return _FILES.get(file, ORGANIZATION)
        case _:
            return ORGANIZATION


def _of_waiver(path: str, estate: Estate) -> str:
    # One that could not be read lets nothing pass, so it belongs to no API.
    named = (w.api for w in estate.waivers if w.places.origin.path == path)
    api = next(named, None)
    return f"api/{api}" if api is not None else ORGANIZATION


def _stem(file: str) -> str:
    return file.rpartition(".")[0] or file
