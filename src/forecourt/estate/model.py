"""The whole declared world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from forecourt.estate.api import Api
from forecourt.estate.consumers import Partner, Plan, Service
from forecourt.estate.organization import Organization
from forecourt.estate.sla import Tier
from forecourt.estate.waiver import Waiver


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """Everything declared in one folder, as values; what could not be read is absent.

    `organization` is None where `forecourt.yaml` is unreadable. Mappings are by name, sorted.
    """

    organization: Organization | None
    apis: Mapping[str, Api] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    partners: Mapping[str, Partner] = field(default_factory=dict)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    tiers: Mapping[str, Tier] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
