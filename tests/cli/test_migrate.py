"""`forecourt migrate` and `forecourt changelog`: what callers are told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.command import forecourt

_ACME = Path(__file__).parents[2] / "examples" / "acme"
_GUIDES = Path(__file__).parent / "guides"

_COMMANDS = {
    "migrate_payments_1_2.md": ("migrate", "payments", "1", "2"),
    "migrate_payments_1_2.json": ("migrate", "payments", "1", "2", "--format", "json"),
    "changelog_payments.md": ("changelog", "payments", "--at", "2029-03-01"),
    "changelog_payments.json": ("changelog", "payments", "--at", "2029-03-01", "--format", "json"),
    "changelog_analytics.md": ("changelog", "analytics", "--at", "2029-03-01"),
}


@pytest.mark.parametrize("name", _COMMANDS)
def test_what_is_written_of_the_example(name: str, update_golden: bool) -> None:
    result = forecourt(*_COMMANDS[name], "--estate", str(_ACME))
    assert result.exit_code == 0, result.output
    if update_golden:
        _GUIDES.mkdir(exist_ok=True)
        (_GUIDES / name).write_text(result.stdout)
    assert (_GUIDES / name).read_text() == result.stdout


def test_no_file_is_kept_that_nothing_writes() -> None:
    assert {path.name for path in _GUIDES.iterdir()} == set(_COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (
            ("migrate", "payment", "1", "2"),
            2,
            "there is no API `payment`; did you mean `payments`?",
        ),
        (("migrate", "payments", "1", "3"), 2, "`payments` has no version `3`; name one of 1, 2"),
        (("migrate", "payments", "2", "1"), 2, "to `1` of `payments`; name the older version"),
        (
            ("migrate", "users", "1", "2"),
            2,
            "`users` has no versions",
        ),
        (("changelog", "payment"), 2, "there is no API `payment`; did you mean `payments`?"),
        (
            ("changelog", "users", "--audience", "public"),
            2,
            "public callers see nothing of `users`",
        ),
    ],
)
def test_what_cannot_be_written_says_why(
    arguments: tuple[str, ...], exit_code: int, said: str
) -> None:
    result = forecourt(*arguments, "--estate", str(_ACME))
    assert result.exit_code == exit_code
    assert said in result.stderr


def _acme(folder: Path) -> Path:
    shutil.copytree(_ACME, folder, ignore=shutil.ignore_patterns(".forecourt"))
    return folder


def test_changes_with_mistakes_make_no_guide(tmp_path: Path) -> None:
    estate = _acme(tmp_path / "acme")
    file = estate / "apis/payments/changes/2.yaml"
    file.write_text(file.read_text().replace("rename: customer_id", "rename: customer"))
    result = forecourt("migrate", "payments", "1", "2", "--estate", str(estate))
    assert result.exit_code == 1
    assert "`forecourt check` lists them" in result.stderr


def test_what_an_audience_does_not_see_is_not_told_to_it(tmp_path: Path) -> None:
    estate = _acme(tmp_path / "acme")
    secret = "      risk: {type: integer, x-audience: internal}\n"
    for version, name in (("1", "risk"), ("2", "riskScore")):
        file = estate / f"apis/payments/v{version}.openapi.yaml"
        marker = "        created: {type: string, format: date-time"
        member = "  " + secret.replace("risk", name)
        file.write_text(file.read_text().replace(marker, member + marker))
    changes = estate / "apis/payments/changes/2.yaml"
    lens = "  - {rename: risk, to: riskScore, in: [Payment], because: the fraud team says so}\n"
    changes.write_text(changes.read_text() + lens)
    for verb in (("migrate", "payments", "1", "2"), ("changelog", "payments")):
        seen = forecourt(*verb, "--estate", str(estate))
        assert seen.exit_code == 0, seen.output
        assert "fraud" not in seen.stdout
        assert "riskScore" not in seen.stdout
        inside = forecourt(*verb, "--estate", str(estate), "--audience", "internal")
        assert "fraud" in inside.stdout


def test_two_hops_are_told_one_after_the_other_and_messages_go_through_both(
    tmp_path: Path,
) -> None:
    estate = _acme(tmp_path / "acme")
    folder = estate / "apis/payments"
    newer = (folder / "v2.openapi.yaml").read_text().replace("customerId", "customer")
    (folder / "v3.openapi.yaml").write_text(newer)
    api = (folder / "api.yaml").read_text()
    api = api.replace('versions:\n  "2":', 'versions:\n  "3": {contract: v3.openapi.yaml}\n  "2":')
    (folder / "api.yaml").write_text(api.replace('version: "2"}', 'version: "3"}'))
    (folder / "changes/3.yaml").write_text(
        'version: "3"\nsummary: Names are short\nchanges:\n'
        "  - {rename: customerId, to: customer, in: [Payment, CreatePayment], because: brevity}\n"
    )
    result = forecourt("migrate", "payments", "1", "3", "--estate", str(estate), "--format", "json")
    assert result.exit_code == 0, result.output
    guide = json.loads(result.stdout)
    assert [step["to"] for step in guide["steps"]] == ["2", "3"]
    charge = guide["operations"][0]["request"]
    assert charge["before"]["line"] == "POST /v1/charges"
    assert charge["after"]["line"] == "POST /v3/payments"
    assert charge["after"]["body"]["charge"]["customer"] == "cus_8fK2mQ"
