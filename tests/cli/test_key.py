"""`forecourt key`, as a person would run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forecourt.actions.api_key import is_well_formed
from forecourt.cli.app import command
from forecourt.cli.record import who_acts
from tests.cli.command import forecourt, told
from tests.cli.published import a_published_estate

A_DEVELOPER = ("--developer", "ada", "--application", "shop")


@pytest.fixture(autouse=True)
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return a_published_estate(tmp_path, monkeypatch)


def issue(*arguments: str) -> str:
    """A key that was issued."""
    result = forecourt("key", "issue", *arguments)
    assert result.exit_code == 0, told(result)
    return result.stdout.strip()


def rows() -> list[str]:
    """What `forecourt key list` prints below its head."""
    result = forecourt("key", "list")
    assert result.exit_code == 0, told(result)
    return result.stdout.splitlines()[1:]


def test_prints_the_key_alone_on_stdout() -> None:
    result = forecourt("key", "issue", *A_DEVELOPER, "--plan", "free")
    assert result.exit_code == 0, told(result)
    assert is_well_formed(result.stdout.removesuffix("\n"))
    assert "for `shop` of developer:ada, plan free. It is shown this once." in result.stderr
    assert result.stdout.strip() not in result.stderr


def test_works_from_another_folder(estate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert is_well_formed(issue(*A_DEVELOPER, "--estate", str(estate)))


def test_issues_a_test_key_with_scopes_and_an_end() -> None:
    scopes = ("--scope", "read", "--scope", "write")
    key = issue(*A_DEVELOPER, "--test", *scopes, "--expires", "2999-01-01")
    assert key.startswith("fc_test_")
    assert rows()[0].endswith("until 2999-01-01")


def test_lists_what_may_be_shown() -> None:
    key = issue("--partner", "acme-corp", "--application", "shop")
    result = forecourt("key", "list")
    head, row = result.stdout.splitlines()
    assert " ".join(head.split()) == ("ID KEY NAME APPLICATION OWNER PLAN ISSUED LAST USED STATUS")
    assert f"{key[:12]}…{key[-4:]}" in row
    assert "partner:partner_acme_corp" in row
    assert row.endswith("active")
    assert key not in result.stdout


def test_lists_keys_for_programs() -> None:
    secret = issue("--developer", "ada", "--application", "shop", "--from", "203.0.113.7")
    listed = forecourt("key", "list", "--format", "json").stdout
    (key,) = json.loads(listed)
    assert (key["called"], key["from"], key["scopes"]) == (
        "developer:ada/shop",
        ["203.0.113.7/32"],
        None,
    )
    assert (key["counts"], key["last_used"], key["test"]) == (True, None, False)
    assert secret.strip() not in listed


def test_lists_the_keys_of_one_owner() -> None:
    issue(*A_DEVELOPER)
    issue("--partner", "acme-corp", "--application", "other")
    for name in ("acme-corp", "partner_acme_corp"):
        result = forecourt("key", "list", "--partner", name)
        assert [r.split()[3] for r in result.stdout.splitlines()[1:]] == ["other"]
    result = forecourt("key", "list", "--developer", "grace")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no keys" in result.stderr


@pytest.mark.parametrize("by", ["key", "prefix", "shown", "id", "stdin"])
def test_revokes_by(by: str) -> None:
    key = issue(*A_DEVELOPER)
    id, shown = rows()[0].split()[:2]
    reference = {"key": key, "prefix": key[:12], "shown": shown, "id": id, "stdin": "-"}[by]
    result = CliRunner().invoke(command(), ["key", "revoke", reference], input=f"{key}\n")
    assert result.exit_code == 0, told(result)
    assert result.stderr == f"revoked {id} ({shown})\n"
    assert result.stdout == ""
    assert " revoked " in rows()[0]


def test_who_revoked_a_key_and_why_stays_on_the_record() -> None:
    key = issue(*A_DEVELOPER)
    forecourt("key", "revoke", key, "--because", "leaked\x1b[31m")
    forecourt("key", "revoke", key, "--because", "another reason")
    (row,) = rows()
    assert row.endswith(f" by {who_acts()} (leaked\N{REPLACEMENT CHARACTER}[31m)")


def test_revoking_twice_is_no_mistake() -> None:
    key = issue(*A_DEVELOPER)
    forecourt("key", "revoke", key)
    result = forecourt("key", "revoke", key)
    assert result.exit_code == 0
    assert "was revoked before" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["issue", "--application", "shop"],
            "nobody owns the application; add `--developer NAME` or `--partner NAME`",
        ),
        (
            ["issue", *A_DEVELOPER, "--partner", "acme-corp"],
            "an application has one owner; leave `--developer` or `--partner` out",
        ),
        (
            ["issue", "--partner", "acme-crp", "--application", "shop"],
            "the partner is `acme-crp`, which is not one of acme-corp; did you mean `acme-corp`?",
        ),
        (
            ["issue", *A_DEVELOPER, "--plan", "gold"],
            "the plan is `gold`, which is not one of free; declare it in plans.yaml",
        ),
        (
            ["issue", "--partner", "acme-corp", "--application", "shop", "--plan", "free"],
            "`--plan free` is for developers; leave it out: a contract says the limit",
        ),
        (
            ["issue", "--developer", "a b", "--application", "shop"],
            "the developer is `a b`, which cannot be a name",
        ),
        (
            ["issue", "--developer", "ada", "--application", ""],
            "the application is ``, which cannot be a name",
        ),
        (["issue", *A_DEVELOPER, "--scope", "a b"], "the scope is `a b`, which is not one word"),
        (
            ["issue", *A_DEVELOPER, "--expires", "tomorrow"],
            "`--expires` is `tomorrow`, which is not a date; write it as 2030-12-31",
        ),
        (["issue", *A_DEVELOPER, "--expires", "2001-01-01"], "which is past; name a day to come"),
        (
            ["issue", *A_DEVELOPER, "--api", "users"],
            "the API is `users`, and none is published; a key can be limited only to",
        ),
        (
            ["issue", "--partner", "acme-corp", "--application", "shop", "--api", "paymens"],
            "the API is `paymens`, which is not one of payments; did you mean `payments`?",
        ),
        (["issue", *A_DEVELOPER, "--name", "a\nb"], "the key is `a"),
        (
            ["issue", *A_DEVELOPER, "--from", "203.0.113.7/24"],
            "`--from` is `203.0.113.7/24`, which is no network; write 203.0.113.0/24",
        ),
        (
            ["issue", *A_DEVELOPER, *(["--from", "::1"] * 51)],
            "`--from` is given 51 times; 50 networks are the most",
        ),
        (["list", "--dormant", "soon"], "`--dormant` is `soon`, which is no span of time"),
        (["rotate", "key_none", "--overlap", "1y"], "`--overlap` is `1y`, which is no span"),
        (["rotate", "key_none", "--overlap", "91d"], "`--overlap` is at most 90d"),
        (["rotate", "fc_live_none"], "no key is or begins so; see `forecourt key list`"),
        (["show", "fc_live_none"], "no key is or begins so; see `forecourt key list`"),
        (["revoke", "fc_live_none"], "no key is or begins so; see `forecourt key list`"),
        (["revoke", "\0"], "no key is or begins so; see `forecourt key list`"),
        (["list", "--estate", "/"], "`/` holds no `forecourt.yaml`; name the folder of an estate"),
    ],
)
def test_refuses(arguments: list[str], message: str) -> None:
    result = forecourt("key", *arguments)
    assert result.exit_code == 2, told(result)
    assert message in result.stderr
    assert result.stdout == ""


def test_refuses_another_plan_for_an_application_that_has_one() -> None:
    issue(*A_DEVELOPER)
    result = forecourt("key", "issue", *A_DEVELOPER, "--plan", "free")
    assert result.exit_code == 2
    assert "application `shop` is on no plan already; leave `--plan` out" in result.stderr


def test_says_in_a_line_that_the_database_does_not_answer() -> None:
    url = "postgresql://u:hunter2@127.0.0.1:1/none"
    result = forecourt("key", "list", env={"FORECOURT_DATABASE_URL": url})
    assert result.exit_code == 3, told(result)
    assert result.stderr.startswith("error: the database cannot be reached: ")
    assert len(result.stderr.splitlines()) == 1
    assert "hunter2" not in result.stderr


def test_says_in_a_line_that_the_state_folder_cannot_be_made(estate: Path) -> None:
    (estate / "file").write_text("")
    result = forecourt("key", "list", env={"FORECOURT_STATE": str(estate / "file" / "state")})
    assert result.exit_code == 3, told(result)
    assert len(result.stderr.splitlines()) == 1


LIMITED = ("--name", "till 7", "--api", "payments", "--from", "203.0.113.7", "--scope", "read")


def test_shows_what_a_key_is_limited_to() -> None:
    key = issue("--partner", "acme-corp", "--application", "shop", *LIMITED)
    result = forecourt("key", "show", key)
    assert result.exit_code == 0, told(result)
    facts = dict(line.split("  ", 1) for line in result.stdout.splitlines())
    found = {name: value.strip() for name, value in facts.items()}
    assert found["name"] == "till 7"
    assert (found["apis"], found["from"], found["scopes"]) == ("payments", "203.0.113.7/32", "read")
    assert found["application"].startswith("partner:partner_acme_corp/shop (app_")
    assert found["last used"] == "never"
    assert key not in result.stdout


@pytest.mark.parametrize("given", [(), ("--overlap", "90m")], ids=["a day", "as it is said"])
def test_rotates(given: tuple[str, ...]) -> None:
    key = issue(*A_DEVELOPER)
    result = forecourt("key", "rotate", key[:12], *given)
    assert result.exit_code == 0, told(result)
    assert is_well_formed(result.stdout.removesuffix("\n"))
    old, new = (row.split() for row in rows())
    assert new[-1] == "active"
    assert " ".join(old[-6:-2]).startswith("until 20")
    assert old[-3:] == ["replaced", "by", new[0]]
    assert f"{old[0]} ({old[1]}) until 20" in result.stderr


def test_rotates_a_key_once() -> None:
    key = issue(*A_DEVELOPER)
    forecourt("key", "rotate", key)
    result = forecourt("key", "rotate", key)
    assert result.exit_code == 2
    old, new = (row.split()[0] for row in rows())
    assert f"{old} was rotated to {new}; rotate that one" in told(result)


def test_lists_keys_that_nobody_uses() -> None:
    issue(*A_DEVELOPER)
    result = forecourt("key", "list", "--dormant", "0m")
    assert len(result.stdout.splitlines()) == 2
    result = forecourt("key", "list", "--dormant", "90d")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "every key that counts was used since" in result.stderr
