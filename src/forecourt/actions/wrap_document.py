"""An estate around an OpenAPI document: what it says, and placeholders for what it cannot say."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from posixpath import basename, commonpath, dirname, splitext
from textwrap import wrap
from typing import TypeAlias
from urllib.parse import urlsplit

from forecourt.actions.document_files import DocumentFiles
from forecourt.actions.starter_texts import around_text, shared_text
from forecourt.contract import Contract, read_contract
from forecourt.contract.codes import COSTS_OPERATIONS, NO_OPERATIONS, UNKNOWN_FIELD
from forecourt.contract.judging import LIKE_NOTHING
from forecourt.diagnostics import Diagnostic, Severity
from forecourt.estate.audience import Audience
from forecourt.estate.posture import POSTURES
from forecourt.source.folder import ENDINGS
from forecourt.source.text import decode
from forecourt.source.vocabulary.names import VERSION_NAME, as_name

Contents: TypeAlias = dict[str, bytes]

# Keys that mean nothing, where the document offers nothing.
_MOST_UNKNOWN = 3

# Of a comment, without its `# `.
_WIDTH = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants around a document.

    `document` is its path from the folder of its files. `name` None: from its title. `upstream`
    None: a placeholder, in place of which the mock answers.
    """

    document: str
    audience: Audience
    organization: str
    name: str | None = None
    upstream: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapped:
    """The estate's files by path from its root, and the API in it."""

    contents: Contents
    api: str
    contract: Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class NotServable:
    """The document, or a file of it, cannot be read; or it offers nothing that could be served."""

    diagnostics: tuple[Diagnostic, ...]


def wrap_document(data: bytes, files: DocumentFiles, wish: Wish) -> Wrapped | NotServable:
    """An estate in which the document is the contract of the only API."""
    text, mistakes = decode(data, wish.document)
    if text is None:
        return NotServable(diagnostics=mistakes)
    contract, mistakes = read_contract(text, wish.document, files.read)
    if files.mistakes:
        return NotServable(diagnostics=tuple(files.mistakes))
    if contract is None:
        return NotServable(diagnostics=mistakes)
    if not contract.operations:
        return NotServable(diagnostics=_why_nothing(mistakes))
    name = wish.name or _name(contract, wish.document)
    documents, main = _placed(data, files, wish.document)
    contents = {f"apis/{name}/{path}": content for path, content in documents.items()}
    texts = {f"apis/{name}/api.yaml": _api(contract, name, main, wish)}
    texts |= _around(name, wish)
    contents |= {path: text.encode() for path, text in texts.items()}
    return Wrapped(contents=contents, api=name, contract=contract)


def _why_nothing(mistakes: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The first that costs operations; else that no path offers any, and what was meant to."""
    costly = [d for d in mistakes if d.name in COSTS_OPERATIONS and d.severity is Severity.ERROR]
    if costly:
        return tuple(costly[:1])
    nothing = [d for d in mistakes if d.name == NO_OPERATIONS.name]
    unknown = [d for d in mistakes if d.name == UNKNOWN_FIELD.name and d.help != LIKE_NOTHING]
    return tuple(nothing + unknown[:_MOST_UNKNOWN])


def _placed(data: bytes, files: DocumentFiles, document: str) -> tuple[Contents, str]:
    """The files of a document beside `api.yaml`, and which is the main one.

    One alone is called `openapi`. Several keep their names and places, in a folder of their own.
    """
    ending = splitext(document)[1]
    others = {path: content for path, content in files.contents.items() if path != document}
    if not others:
        main = f"openapi{ending if ending in ENDINGS else '.yaml'}"
        return {main: data}, main
    everything = {**others, document: data}
    above = commonpath([dirname(path) for path in everything])
    placed = {
        f"contract/{path.removeprefix(above).removeprefix('/')}": content
        for path, content in everything.items()
    }
    return placed, f"contract/{document.removeprefix(above).removeprefix('/')}"


def _api(contract: Contract, name: str, main: str, wish: Wish) -> str:
    posture = POSTURES[wish.audience]
    title = _in_a_line(contract.title) or name
    upstream, about = _upstream(contract, name, wish.upstream)
    return around_text(
        "unversioned.yaml" if "none" in posture.versioning else "versioned.yaml",
        title_in_a_line=title,
        name=_written(name),
        title=json.dumps(title, ensure_ascii=False),
        audience=wish.audience.value,
        owner=f"{name[:40].strip('-')}-team",
        upstream=json.dumps(upstream, ensure_ascii=False),
        about_upstream="\n# ".join(wrap(about, _WIDTH)),
        version=_version(contract.version),
        contract=json.dumps(main, ensure_ascii=False),
    )


def _around(name: str, wish: Wish) -> dict[str, str]:
    """The rest of the estate: what is promised, and who may call."""
    organization = json.dumps(_in_a_line(wish.organization) or "Acme", ensure_ascii=False)
    texts = {"forecourt.yaml": shared_text("forecourt.yaml", organization=organization)}
    posture = POSTURES[wish.audience]
    if posture.promise != "slo":
        texts["sla.yaml"] = shared_text("sla.yaml")
    match posture.authorization:
        case "service":
            texts["services.yaml"] = shared_text("services.yaml")
        case "contract":
            texts["partners/first-partner.yaml"] = around_text(
                "first-partner.yaml", name=_written(name)
            )
        case "scope":
            texts["plans.yaml"] = shared_text("plans.yaml")
    return texts


def _name(contract: Contract, document: str) -> str:
    stem = basename(document).partition(".")[0]
    return as_name(contract.title) or as_name(stem) or "api"


def _written(name: str) -> str:
    """A name as YAML has it: one word alone would be taken for nothing."""
    return f'"{name}"' if name == "null" else name


_DIGITS = frozenset("0123456789")
_RELEASE = re.compile(r"[vV]?([0-9]{1,9})(?:\.([0-9]{1,9}))?(?:\.[0-9A-Za-z.+-]*)?")


def _version(written: str) -> str:
    """What callers write of it: of `2.4.1` the 2, of `0.10.1` the 0.10, of a date all.

    What counts nothing, as `latest` or `unversioned`, is the first.
    """
    if (release := _RELEASE.fullmatch(written)) is not None:
        major, minor = release[1].lstrip("0") or "0", release[2]
        return f"0.{minor}" if major == "0" and minor is not None else major
    is_name = VERSION_NAME.parse(written) is not None and any(c in _DIGITS for c in written)
    return written if is_name else "1"


_PLAIN_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")


def _upstream(contract: Contract, name: str, wanted: str | None) -> tuple[str, str]:
    """The address of the service, with a word about it.

    Paths of the document begin below its servers' base path, so the service is asked there.
    """
    base = next((path for path in contract.base_paths if _PLAIN_PATH.fullmatch(path)), "")
    below = f", below the base path of the document's servers, {base}" if base else ""
    if wanted is None:
        about = f"A placeholder{below}; under `up --local` the mock answers in its place."
        return f"http://{name}.example.internal:8080{base}", about
    if base and urlsplit(wanted).path in {"", "/"}:
        return wanted.rstrip("/") + base, f"The service{below}."
    return wanted, "The service; what callers write after the version is added to its path."


def _in_a_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).strip()[:200].strip()
