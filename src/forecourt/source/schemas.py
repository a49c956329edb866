"""Each file of an estate as JSON Schema, made from what its reader reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from forecourt.source.files.api import API
from forecourt.source.files.changes import CHANGES
from forecourt.source.files.environment import environment_shape
from forecourt.source.files.organization import ORGANIZATION
from forecourt.source.files.partner import PARTNER
from forecourt.source.files.plans import PLANS
from forecourt.source.files.services import SERVICES
from forecourt.source.files.tiers import TIERS
from forecourt.source.files.waiver import WAIVER
from forecourt.source.vocabulary.shape import Shape

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSchema:
    """One kind of file. `files` is the pattern of its paths from the estate's root."""

    name: str
    files: str
    about: str
    shape: Callable[[], Shape]

    @property
    def document(self) -> Shape:
        """The schema: it names itself and the files it is for, and refers to nothing else."""
        return {
            "$schema": DIALECT,
            "title": f"Forecourt: {self.files}",
            "description": self.about,
            **self.shape(),
        }


SCHEMAS: tuple[FileSchema, ...] = (
    FileSchema(
        name="forecourt",
        files="forecourt.yaml",
        about="The organisation: where it listens, whom it trusts, how people are told.",
        shape=lambda: ORGANIZATION.shape,
    ),
    FileSchema(
        name="environment",
        files="forecourt.*.yaml",
        about="What differs in one environment, laid over the rest with `--env`.",
        shape=environment_shape,
    ),
    FileSchema(
        name="api",
        files="apis/*/api.yaml",
        about="An API: its audience, and what does not follow from it.",
        shape=lambda: API.shape,
    ),
    FileSchema(
        name="changes",
        files="apis/*/changes/*.yaml",
        about="How one version of an API becomes the next, both ways.",
        shape=lambda: CHANGES.shape,
    ),
    FileSchema(
        name="services",
        files="services.yaml",
        about="The organisation's own services that call.",
        shape=lambda: SERVICES.shape,
    ),
    FileSchema(
        name="partner",
        files="partners/*.yaml",
        about="The contract with one partner.",
        shape=lambda: PARTNER.shape,
    ),
    FileSchema(
        name="plans",
        files="plans.yaml",
        about="What applications of public callers may use.",
        shape=lambda: PLANS.shape,
    ),
    FileSchema(
        name="sla",
        files="sla.yaml",
        about="What is promised by tier, and paid back when it is broken.",
        shape=lambda: TIERS.shape,
    ),
    FileSchema(
        name="waiver",
        files="waivers/*.yaml",
        about="An exception, with an owner and an end.",
        shape=lambda: WAIVER.shape,
    ),
)


def schema_called(name: str) -> FileSchema | None:
    """The schema of that name."""
    return next((schema for schema in SCHEMAS if schema.name == name), None)


def schema_of(path: str) -> FileSchema | None:
    """The schema of the file at a path from an estate's root, if it has one."""
    depth = path.count("/")
    fitting = (s for s in SCHEMAS if s.files.count("/") == depth and fnmatchcase(path, s.files))
    return next(fitting, None)
