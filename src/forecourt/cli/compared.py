"""What `forecourt diff` is told to compare: a version, a file, or a file of a revision."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import typer

from forecourt.actions.document_files import DocumentFiles
from forecourt.actions.edition import Declared, Edition, NotRead, read_edition
from forecourt.actions.git_revision import NoRevision, Revision, revision_of
from forecourt.actions.revision_files import RevisionFiles, located_in
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.render import Format, printable, rendered
from forecourt.diagnostics import Severity
from forecourt.estate.model import Estate
from forecourt.governance.nearest import did_you_mean
from forecourt.source.estate import EstateReader, Files
from forecourt.source.folder import EstateFolder
from forecourt.source.layout import ORGANIZATION


@dataclass(slots=True, kw_only=True)
class Naming:
    """Finds what names mean, in an estate's folder where there is one, and around this one.

    `mistakes` are the errors in the estate's own files; its contracts are not read for them.
    """

    folder: Path
    environment: str | None
    files: Files = field(init=False, default_factory=dict)
    estate: Estate | None = field(init=False, default=None)
    mistakes: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        if (self.folder / ORGANIZATION).is_file():
            self.files, unread = EstateFolder(self.folder).read()
            found = EstateReader().read(self.files, self.environment)
            self.estate = found.estate
            self.mistakes = sum(
                each.severity is Severity.ERROR for each in (*unread, *found.mistakes)
            )

    def edition(self, name: str) -> Edition:
        """What a name means; ends the command with a word where it means nothing."""
        found = self._found(name)
        if isinstance(found, Edition):
            return found
        if found.diagnostics:
            typer.echo(rendered(found.diagnostics, Format.CONCISE, {}), err=True)
        refuse(printable(found.because), ExitCode.USAGE)

    def root_of(self, name: str) -> Path:
        """The folder from which the paths of a contract's places are."""
        return self._rooted(Path(name).resolve())[0] if Path(name).is_file() else self.folder

    def _found(self, name: str) -> Edition | NotRead:
        revision, colon, path = name.partition(":")
        is_file = Path(name).is_file()
        if colon and path:
            # First, so that no file of the working tree decides what a revision means.
            try:
                known = self._declared_as(path)
                here = self.folder if known is not None else Path.cwd()
                return self._of_revision(name, revision_of(revision, here), path, known)
            except NoRevision as none:
                if not is_file:
                    refuse(printable(none.because), ExitCode.USAGE)
        return self._file(name, Path(name)) if is_file else self._version(name)

    def _file(self, name: str, file: Path) -> Edition | NotRead:
        root, path = self._rooted(file.resolve())
        files = DocumentFiles(root)
        return read_edition(name, path, files.read, declared=self._declared(root, path))

    def _of_revision(
        self, name: str, revision: Revision, path: str, known: Declared | None
    ) -> Edition | NotRead:
        if known is not None and known.version.contract is not None:
            root, inside = self.folder.resolve(), known.version.contract
            located_in(revision, f"./{inside}", root)  # the file of that version, as it was
            declared: Declared | None = known
        else:
            root, inside = self._rooted(located_in(revision, path, Path.cwd()))
            declared = self._declared(root, inside)
        files = RevisionFiles(root=root, revision=revision)
        return read_edition(name, inside, files.read, declared=declared, revision=revision.name)

    def _declared_as(self, name: str) -> Declared | None:
        """The version of an API of the estate that has that name, `payments@1`."""
        api_name, _, wanted = name.partition("@")
        api = None if self.estate is None else self.estate.apis.get(api_name)
        if api is None:
            return None
        return next((Declared(api=api, version=v) for v in api.versions if v.name == wanted), None)

    def _version(self, name: str) -> Edition | NotRead:
        api_name = name.partition("@")[0]
        if self.estate is None:
            refuse(
                f"`{printable(name)}` is no file, and `{self.folder}` holds no estate; "
                "name two files, or an estate with `--estate`",
                ExitCode.USAGE,
            )
        api = self.estate.apis.get(api_name)
        if api is None and (file := f"apis/{api_name}/api.yaml") in self.files:
            refuse(f"`{file}` has mistakes; `forecourt check` lists them", ExitCode.FINDINGS)
        if api is None:
            way_out = did_you_mean(api_name, self.estate.apis, "name a file, or an API of it")
            refuse(
                f"`{printable(name)}` is no file, and there is no API `{printable(api_name)}`; "
                f"{way_out}",
                ExitCode.USAGE,
            )
        declared = self._declared_as(name)
        if declared is None:
            names = ", ".join(f"{api_name}@{v.name}" for v in api.versions if v.name) or api_name
            refuse(f"`{printable(name)}` names no version; name one of {names}", ExitCode.USAGE)
        contract = declared.version.contract
        if contract is None:
            refuse(f"`{name}` has no contract: its `api.yaml` names no document", ExitCode.USAGE)
        return read_edition(name, contract, self.files.get, declared=declared)

    def _rooted(self, file: Path) -> tuple[Path, str]:
        """The folder from which its references are followed, and the way from there."""
        for root in (self.folder.resolve(), Path.cwd()):
            if file.is_relative_to(root):
                return root, file.relative_to(root).as_posix()
        return file.parent, file.name

    def _declared(self, root: Path, path: str) -> Declared | None:
        """The version whose contract a file is, if it is one of the estate."""
        if self.estate is None or root != self.folder.resolve():
            return None
        return next(
            (
                Declared(api=api, version=version)
                for api in self.estate.apis.values()
                for version in api.versions
                if version.contract == path
            ),
            None,
        )
