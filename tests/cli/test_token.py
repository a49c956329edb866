"""`forecourt token`, as a person would run it."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecourt.store.signing_keys import SigningKeyFiles
from tests.actions.test_issue_token import verified
from tests.cli.command import forecourt, told
from tests.cli.published import a_published_estate


@pytest.fixture(autouse=True)
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return a_published_estate(tmp_path, monkeypatch)


@pytest.fixture
def local(estate: Path) -> Path:
    """The state folder as `up --local` leaves it."""
    (estate / ".forecourt" / "local").mkdir()
    return estate / ".forecourt"


def test_prints_the_token_of_a_service_alone_on_stdout(estate: Path) -> None:
    result = forecourt("token", "issue", "--service", "orders", "--minutes", "5")
    assert result.exit_code == 0, told(result)
    key = SigningKeyFiles(estate / ".forecourt").internal()
    claims = verified(result.stdout.strip(), key).claims
    assert (claims["sub"], claims["aud"]) == ("orders", "acme.example")
    assert claims["exp"] - claims["iat"] == 300
    assert result.stderr.startswith("for `orders`, until ")


def test_plays_a_declared_issuer_on_ones_own_machine(local: Path) -> None:
    who = ("--issuer", "acme-id", "--client", "shop-app", "--subject", "user-1")
    result = forecourt("token", "issue", *who)
    assert result.exit_code == 0, told(result)
    claims = verified(result.stdout.strip(), SigningKeyFiles(local).local_issuer("acme-id")).claims
    assert (claims["azp"], claims["sub"]) == ("shop-app", "user-1")


def test_plays_nobody_elsewhere(estate: Path) -> None:
    result = forecourt("token", "issue", "--issuer", "acme-id", "--client", "shop-app")
    assert result.exit_code == 2
    assert "only `acme-id` signs its tokens; start with `forecourt up --local`" in result.stderr
    assert not (estate / ".forecourt" / "local").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name either `--service NAME` or `--issuer NAME --client NAME`"),
        (["--service", "orders", "--issuer", "acme-id"], "name either `--service NAME` or"),
        (
            ["--service", "orders", "--client", "x"],
            "`--client`, `--subject` and `--scope` belong to",
        ),
        (
            ["--service", "order"],
            "the service is `order`, which is not one of orders; did you mean `orders`?",
        ),
        (
            ["--issuer", "acme", "--client", "x"],
            "the issuer is `acme`, which is not one of acme-id",
        ),
        (["--issuer", "acme-id"], "a token names an application; add `--client NAME`"),
        (["--service", "orders", "--minutes", "61"], "--minutes"),
        (["--service", "orders", "--minutes", "9" * 30], "--minutes"),
    ],
)
@pytest.mark.usefixtures("local")
def test_refuses(arguments: list[str], message: str) -> None:
    result = forecourt("token", "issue", *arguments)
    assert result.exit_code == 2, told(result)
    assert message in result.stderr
    assert result.stdout == ""


def test_says_which_file_holds_no_key(estate: Path) -> None:
    file = estate / ".forecourt" / "keys" / "internal-token.pem"
    file.parent.mkdir()
    file.write_text("not a key")
    result = forecourt("token", "issue", "--service", "orders")
    assert result.exit_code == 3, told(result)
    assert result.stderr.startswith(f"error: {file}: it is no P-256 key")
    assert len(result.stderr.splitlines()) == 1
