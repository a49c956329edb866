"""`forecourt init` as a person meets it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import Result

from forecourt.source.schemas import schema_of
from tests.cli.command import forecourt, told

DOCUMENT = """\
openapi: 3.1.0
info: {title: Shop, version: 1.2.0}
paths:
  /things: {get: {responses: {200: {$ref: common.yaml#/ok}}}}
  /others: {get: {responses: {200: {$ref: ../secret.yaml#/ok}}}}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a document in `specs`."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "shop.yaml").write_text(DOCUMENT)
    (tmp_path / "specs" / "common.yaml").write_text("ok: {description: fine}\n")
    (tmp_path / "secret.yaml").write_text("ok: {description: fine}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["forecourt"])
    return tmp_path


def around(*arguments: str) -> Result:
    return forecourt("init", "shop", "--openapi", "specs/shop.yaml", *arguments)


def test_writes_an_estate_and_says_what_next() -> None:
    assert told(forecourt("init", "big-shop")) == (
        "exit code 0\n"
        "--- stderr\n"
        "\n"
        "what next:\n"
        "  forecourt check --local big-shop   # what is wrong with it\n"
        "  forecourt up --local big-shop      # serve it on this machine, with mocks\n"
        "\n"
        "--- stdout\n"
        "big-shop/.schemas/\n"
        "big-shop/apis/lamps/api.yaml\n"
        "big-shop/apis/lamps/v1.openapi.yaml\n"
        "big-shop/apis/stock/api.yaml\n"
        "big-shop/apis/stock/openapi.yaml\n"
        "big-shop/forecourt.yaml\n"
        "big-shop/plans.yaml\n"
        "big-shop/services.yaml\n"
        "big-shop/sla.yaml\n"
    )
    assert 'organization: "Big shop"\n' in Path("big-shop/forecourt.yaml").read_text()
    assert forecourt("check", "--strict", "big-shop").exit_code == 0


def test_every_file_names_the_schema_that_an_editor_completes_it_by() -> None:
    forecourt("init", "shop")
    seen = set()
    for path in sorted(Path("shop").rglob("*.yaml")):
        schema = schema_of(path.relative_to("shop").as_posix())
        first = path.read_text().splitlines()[0]
        if schema is None:
            assert "yaml-language-server" not in first
            continue
        seen.add(schema.name)
        named = path.parent / first.removeprefix("# yaml-language-server: $schema=")
        assert named.resolve() == Path(f"shop/.schemas/{schema.name}.json").resolve()
        assert named.read_text() == forecourt("schema", schema.name).stdout
    assert seen == {"api", "forecourt", "plans", "services", "sla"}


def test_a_schema_that_is_there_stays() -> None:
    Path("shop/.schemas").mkdir(parents=True)
    Path("shop/.schemas/api.json").write_text("{}")
    assert forecourt("init", "shop").exit_code == 0
    assert Path("shop/.schemas/api.json").read_text() == "{}"
    assert Path("shop/.schemas/sla.json").is_file()


def test_writes_into_this_folder_where_none_is_named() -> None:
    result = forecourt("init")
    assert result.exit_code == 0
    assert "  forecourt up --local      # serve" in result.stderr
    assert Path("forecourt.yaml").is_file()


def test_overwrites_nothing() -> None:
    forecourt("init", "shop")
    Path("shop/plans.yaml").unlink()
    Path("shop/sla.yaml").write_text("mine")
    result = forecourt("init", "shop")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: `shop/apis/lamps/api.yaml`, `shop/apis/lamps/v1.openapi.yaml`,"
        " `shop/apis/stock/api.yaml` and 4 more would be overwritten; name another folder\n"
    )
    assert Path("shop/sla.yaml").read_text() == "mine"
    assert not Path("shop/plans.yaml").exists()


def test_makes_an_estate_around_a_document_and_names_what_is_left_out() -> None:
    assert told(around("--audience", "public")) == (
        "exit code 0\n"
        "--- stderr\n"
        "\n"
        "`shop` offers 1 operation at /shop/v1/\n"
        "left out: GET /others: apis/shop/contract/shop.yaml:5:43: `../secret.yaml#/ok` refers"
        " to a file that is not beside the document, or below its folder (`--root` names another)\n"
        "1 error in 6 files: `forecourt check` lists them\n"
        "\n"
        "what next:\n"
        "  forecourt check --local shop   # what is wrong with it\n"
        "  forecourt up --local shop      # serve it on this machine, with mocks\n"
        "\n"
        "--- stdout\n"
        "shop/.schemas/\n"
        "shop/apis/shop/api.yaml\n"
        "shop/apis/shop/contract/common.yaml\n"
        "shop/apis/shop/contract/shop.yaml\n"
        "shop/forecourt.yaml\n"
        "shop/plans.yaml\n"
        "shop/sla.yaml\n"
    )
    check = forecourt("check", "--local", "shop")
    assert check.exit_code == 1
    assert [line.split("error[")[1].split("]")[0] for line in check.stdout.splitlines()[:1]] == [
        "FC106 broken-reference"
    ]


@pytest.mark.parametrize(
    ("audience", "is_told"), [("internal", True), ("partner", False), ("public", False)]
)
def test_tells_where_what_is_left_out_still_reaches_the_upstream(
    audience: str, is_told: bool
) -> None:
    result = around("--audience", audience)
    said = "\n`request_check` is off inside: what is left out still reaches the upstream\n"
    assert "\nleft out: GET /others: " in result.stderr
    assert (said in result.stderr) is is_told


def test_says_where_a_file_that_does_not_exist_was_looked_for() -> None:
    Path("specs/common.yaml").unlink()
    Path("specs/shop.yaml").write_text(f"{DOCUMENT}  /more: {{get: {{}}}}\n")
    result = around("--audience", "public")
    assert "`common.yaml#/ok` refers to a file that is not beside the document" in result.stderr
    assert "not in the estate" not in result.stderr


def test_takes_files_from_a_folder_above_where_that_is_said() -> None:
    result = around("--audience", "partner", "--root", ".")
    assert result.exit_code == 0
    assert "left out" not in result.stderr
    assert Path("shop/apis/shop/contract/secret.yaml").is_file()
    assert forecourt("check", "--strict", "shop").exit_code == 0


def test_with_a_service_it_can_be_served_in_front_of_it() -> None:
    result = around("--audience", "internal", "--upstream", "http://shop.svc:8080")
    assert "  forecourt up shop              # serve it in front of its service\n" in result.stderr
    assert '{url: "http://shop.svc:8080"}' in Path("shop/apis/shop/api.yaml").read_text()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("swagger: '2.0'\n", "shop.yaml:1:1: error[FC102 openapi-2]"),
        ("a: [\n", "shop.yaml:2:1: error[FC001 unreadable-yaml]"),
        ("", "shop.yaml:1:1: error[FC101 not-openapi]"),
        (
            "openapi: 3.1.0\npath: {}\n",
            "shop.yaml:2:1: error[FC104 no-paths] there is no `paths`\n"
            "  help: `path` means nothing; did you mean `paths`?\n",
        ),
        (
            "openapi: 3.1.0\npaths: {/x: {gett: {}}}\n",
            "shop.yaml:2:1: warning[FC105 no-operations] no path offers an operation\n"
            "shop.yaml:2:14: warning[FC116 unknown-field] a path item has no `gett`,"
            " so it is passed over\n"
            "  help: did you mean `get`?\n",
        ),
        (
            "openapi: 3.1.0\npaths: {/x: {$ref: '../secret.yaml#/x'}}\n",
            "shop.yaml:2:20: error[FC107 reference-elsewhere] `../secret.yaml#/x` leaves the"
            " estate's folder; `/x` is left out\n"
            "  help: name the folder that holds all of its files with `--root`\n",
        ),
    ],
)
def test_refuses_a_document_with_one_reason(text: str, reason: str) -> None:
    Path("specs/shop.yaml").write_text(text)
    result = around("--audience", "public")
    assert result.exit_code == 1
    assert result.stderr.startswith(reason)
    assert result.stderr.endswith(
        "error: `specs/shop.yaml` cannot be served; nothing was written\n"
    )
    assert not Path("shop").exists()


def test_tells_of_a_mark_that_keeps_the_api_from_being_served() -> None:
    Path("specs/common.yaml").write_text("ok: {description: fine, x-audience: all}\n")
    result = around("--audience", "public")
    assert result.exit_code == 1
    assert "offers 1 operation at /shop/v1/, and is not served until mended\n" in result.stderr
    assert "error[FC119 bad-audience-mark]" in result.stderr
    assert "forecourt check --local shop" in result.stderr
    assert "forecourt up" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--openapi", "specs/shop.yaml"], "say who may call: `--audience` with one of internal"),
        (
            ["--openapi", "https://shop.example/openapi.yaml", "--audience", "public"],
            "`--openapi` is a URL: nothing is fetched; save it first",
        ),
        (["--audience", "public"], "`--audience` speaks of a document; name it with `--openapi`"),
        (["--name", "shop"], "`--name` speaks of a document; name it with `--openapi`"),
        (
            ["--openapi", "specs/shop.yaml", "--audience", "public", "--upstream", "shop"],
            "`--upstream` is `shop`, which is not",
        ),
        (
            ["--openapi", "specs/shop.yaml", "--audience", "public", "--name", "My Shop"],
            "write `my-shop`",
        ),
        (
            ["--openapi", "secret.yaml", "--audience", "public", "--root", "specs"],
            "`secret.yaml` does not lie below `specs`",
        ),
    ],
)
def test_a_command_that_makes_no_sense_is_said_to(arguments: list[str], says: str) -> None:
    result = forecourt("init", "shop", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert not Path("shop").exists()


def test_a_document_that_is_not_there_is_the_world_failing() -> None:
    result = forecourt("init", "shop", "--openapi", "none.yaml", "--audience", "public")
    assert result.exit_code == 3
    assert result.stderr == "error: `none.yaml`: no such file or directory\n"


def test_reads_neither_what_is_too_large_nor_what_may_have_no_end(here: Path) -> None:
    with Path("specs/common.yaml").open("wb") as file:
        file.truncate(3 * 1024**3)
    os.mkfifo("pipe.yaml")
    for openapi, reason in (
        ("specs/common.yaml", "this file has 3,072 MB, and 32 MB is the most\n"),
        ("pipe.yaml", "this is not a file\n  help: save what it holds in one, and name that\n"),
        ("/dev/zero", "this is not a file\n  help: save what it holds in one, and name that\n"),
        ("specs", "this is a folder, and no file\n"),
    ):
        result = forecourt("init", "shop", "--openapi", openapi, "--audience", "public")
        assert told(result) == (
            "exit code 1\n"
            f"--- stderr\n{openapi}:1:1: error[FC002 unreadable-file] {reason}"
            f"error: `{openapi}` cannot be served; nothing was written\n"
        )
    assert around("--audience", "public").stderr.startswith(
        "common.yaml:1:1: error[FC002 unreadable-file] this file has 3,072 MB"
    )
    assert not Path("shop").exists()


def test_a_link_that_leads_to_itself_is_said_in_a_line() -> None:
    Path("round").symlink_to("round")
    for arguments in (
        ["round"],
        ["shop", "--openapi", "round", "--audience", "public"],
        ["shop", "--openapi", "specs/shop.yaml", "--root", "round", "--audience", "public"],
    ):
        result = forecourt("init", *arguments)
        assert result.exit_code in {2, 3}
        assert told(result).count("\n") == 3
        assert result.stderr.startswith("error: `")


def test_a_link_to_a_document_elsewhere_says_where_it_leads(here: Path) -> None:
    Path("specs/link.yaml").symlink_to(here / "secret.yaml")
    result = forecourt("init", "shop", "--openapi", "specs/link.yaml", "--audience", "public")
    assert result.exit_code == 2
    assert result.stderr == (
        f"error: `specs/link.yaml` leads to `{here}/secret.yaml`, which does not lie below `specs`;"
        " name a folder that holds it: `--root .`\n"
    )


def test_a_folder_that_looks_like_an_option_is_written_as_a_folder() -> None:
    result = forecourt("init", "--", "-x")
    assert "  forecourt check --local ./-x   # what is wrong with it\n" in result.stderr
