"""Every detector that counts in windows. That of dormant keys asks for more than the log has."""

from __future__ import annotations

from forecourt.defence import (
    credential_guessing,
    many_addresses,
    not_allowed,
    scanning,
    scope_probing,
    validation_flood,
)
from forecourt.defence.detector import Detector

DETECTORS: tuple[Detector, ...] = (
    credential_guessing.DETECTOR,
    scanning.DETECTOR,
    validation_flood.DETECTOR,
    scope_probing.DETECTOR,
    many_addresses.DETECTOR,
    not_allowed.DETECTOR,
)
