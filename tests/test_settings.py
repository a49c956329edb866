"""Where things are, as the environment says."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecourt.edge.memory import memory_of_machine
from forecourt.settings import (
    UnusableSetting,
    read_settings,
    remember_environment,
    settings_as_served,
)


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "forecourt.yaml").write_text("organization: Acme\n")
    return folder


def test_keeps_everything_under_the_estate_unless_told_otherwise(estate: Path) -> None:
    settings = read_settings(estate, environ={})
    assert settings.estate == estate
    assert settings.state == estate / ".forecourt"
    assert settings.database.get_backend_name() == "sqlite"
    assert settings.database.database == str(estate / ".forecourt" / "forecourt.db")
    assert str(settings.operations) == "127.0.0.1:9464"


def test_reads_the_environment(estate: Path, tmp_path: Path) -> None:
    settings = read_settings(
        estate,
        environ={
            "FORECOURT_STATE": str(tmp_path / "state"),
            "FORECOURT_DATABASE_URL": "postgresql://u:hunter2@db.example/forecourt",
            "FORECOURT_OPERATIONS": "[::1]:0",
        },
    )
    assert settings.state == tmp_path / "state"
    assert settings.database.drivername == "postgresql+asyncpg"
    assert (settings.operations.host, settings.operations.port) == ("::1", 0)
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "expected"), [("96 MB", 96 << 20), ("2GB", 2 << 30), ("", memory_of_machine() // 2)]
)
def test_envoy_holds_what_is_said_or_half_of_what_there_is(
    estate: Path, text: str, expected: int
) -> None:
    assert read_settings(estate, environ={"FORECOURT_MEMORY": text}).memory == expected


@pytest.mark.parametrize(
    ("word", "asks"),
    [
        ("", (True, True)),
        ("probe", (True, True)),
        ("edge", (True, False)),
        ("snapshot", (False, False)),
    ],
)
def test_asks_the_edge_and_the_services_unless_told_otherwise(
    estate: Path, word: str, asks: tuple[bool, bool]
) -> None:
    settings = read_settings(estate, environ={"FORECOURT_EXPOSURE": word})
    assert (settings.asks_edge, settings.asks_upstreams) == asks


def test_takes_an_empty_variable_for_an_unset_one(estate: Path) -> None:
    empty = dict.fromkeys(("FORECOURT_STATE", "FORECOURT_DATABASE_URL", "FORECOURT_OPERATIONS"), "")
    assert read_settings(estate, environ=empty) == read_settings(estate, environ={})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("FORECOURT_DATABASE_URL", "mysql://u:hunter2@x/y", "is no database: `mysql` is not one"),
        ("FORECOURT_OPERATIONS", "9464", "is `9464`, which is not HOST:PORT"),
        ("FORECOURT_OPERATIONS", "localhost:http", "not HOST:PORT"),
        ("FORECOURT_OPERATIONS", "localhost:65536", "not HOST:PORT"),
        ("FORECOURT_OPERATIONS", ":9464", "not HOST:PORT"),
        ("FORECOURT_OPERATIONS", "localhost:²", "not HOST:PORT"),
        ("FORECOURT_SHEDDING", "no", "is `no`, which is not one of on, off"),
        ("FORECOURT_EXPOSURE", "no", "is `no`, which is not one of probe, edge, snapshot"),
        ("FORECOURT_MEMORY", "512", "is `512`, which is no size such as `512 MB`"),
        ("FORECOURT_MEMORY", "lots of MB", "is no size such as `512 MB`"),
        ("FORECOURT_MEMORY", "5\nGB", "is no size such as `512 MB`"),
        ("FORECOURT_MEMORY", f"{'9' * 5000} GB", "is no size such as `512 MB`"),
        ("FORECOURT_MEMORY", "64 MB", "is `64 MB`; Envoy needs 96 MB at least"),
        ("FORECOURT_MEMORY", "900000 GB", "is `900000 GB`, and there are "),
    ],
)
def test_says_which_setting_cannot_be_used(
    estate: Path, name: str, value: str, message: str
) -> None:
    with pytest.raises(UnusableSetting) as caught:
        read_settings(estate, environ={name: value})
    assert str(caught.value).startswith(f"`{name}`")
    assert message in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_says_that_a_folder_holds_no_estate(tmp_path: Path) -> None:
    with pytest.raises(UnusableSetting, match=r"holds no `forecourt\.yaml`"):
        read_settings(tmp_path, environ={})


@pytest.mark.parametrize("served", ["prod", None])
def test_acts_on_the_environment_that_is_served(estate: Path, served: str | None) -> None:
    """Else `forecourt open` would publish what the estate says without its environment."""
    (estate / ".forecourt").mkdir()
    for environment in ("staging", served):
        remember_environment(read_settings(estate, environment=environment, environ={}))
    assert settings_as_served(estate, environ={}).environment == served


def test_acts_on_no_environment_where_nothing_was_served(estate: Path) -> None:
    assert settings_as_served(estate, environ={}).environment is None
