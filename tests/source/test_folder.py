from __future__ import annotations

import os
from pathlib import Path

import pytest

from forecourt.source.folder import EstateFolder


def write(path: Path, text: str | bytes = "a: 1\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def said(folder: EstateFolder) -> list[str]:
    return [str(diagnostic) for diagnostic in folder.read()[1]]


def test_reads_yaml_and_json_with_paths_from_the_root(tmp_path: Path) -> None:
    for path in ("forecourt.yaml", "apis/a/api.yaml", "apis/a/v1.yml", "apis/a/v2.json"):
        write(tmp_path / path, path)
    write(tmp_path / "apis/a/guides/move.md")
    write(tmp_path / "certs/api.pem")
    files, mistakes = EstateFolder(tmp_path).read()
    assert mistakes == ()
    assert list(files) == ["apis/a/api.yaml", "apis/a/v1.yml", "apis/a/v2.json", "forecourt.yaml"]
    assert all(text == path for path, text in files.items())


def test_leaves_out_what_is_hidden(tmp_path: Path) -> None:
    for path in (".forecourt/a.yaml", ".git/a.yaml", "apis/.a.yaml", "apis/.a/b.yaml"):
        write(tmp_path / path)
    assert EstateFolder(tmp_path).read() == ({}, ())


def test_what_is_not_utf8_stays_bytes(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", b"\xff")
    write(tmp_path / "b.yaml", "\ufeffb")
    assert EstateFolder(tmp_path).read()[0] == {"a.yaml": b"\xff", "b.yaml": "b"}


def test_a_folder_that_is_not_there_is_an_error_of_the_world(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        EstateFolder(tmp_path / "nowhere").read()


# --- links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["secret.yaml", "secrets"])
def test_refuses_links_that_leave_the_folder(tmp_path: Path, name: str) -> None:
    estate = tmp_path / "estate"
    write(estate / "forecourt.yaml")
    write(tmp_path / "outside/secrets/a.yaml")
    write(tmp_path / "outside/secret.yaml")
    (estate / name).symlink_to(tmp_path / "outside" / name)
    folder = EstateFolder(estate)
    assert list(folder.read()[0]) == ["forecourt.yaml"]
    assert said(folder) == [
        f"{name}:1:1: error[FC002 unreadable-file] this link leaves the estate's folder"
    ]


def test_refuses_a_link_to_a_folder_whose_name_only_begins_alike(tmp_path: Path) -> None:
    write(tmp_path / "estate-of-others/a.yaml")
    (tmp_path / "estate").mkdir()
    (tmp_path / "estate/a.yaml").symlink_to(tmp_path / "estate-of-others/a.yaml")
    assert EstateFolder(tmp_path / "estate").read()[0] == {}


def test_follows_links_inside_the_folder(tmp_path: Path) -> None:
    write(tmp_path / "..data/a.yaml", "a")
    write(tmp_path / "shared/b.yaml", "b")
    (tmp_path / "a.yaml").symlink_to("..data/a.yaml")
    (tmp_path / "linked").symlink_to("shared")
    files, mistakes = EstateFolder(tmp_path).read()
    assert mistakes == ()
    assert files == {"a.yaml": "a", "linked/b.yaml": "b", "shared/b.yaml": "b"}


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path / "real/a.yaml", "a")
    (tmp_path / "link").symlink_to("real")
    assert EstateFolder(tmp_path / "link").read() == ({"a.yaml": "a"}, ())


def test_a_link_that_leads_back_ends(tmp_path: Path) -> None:
    write(tmp_path / "a/b/c.yaml")
    (tmp_path / "a/b/again").symlink_to("..")
    (tmp_path / "a/root").symlink_to("..")
    assert said(EstateFolder(tmp_path)) == [
        "a/b/again:1:1: error[FC002 unreadable-file] this link leads back to where it stands",
        "a/root:1:1: error[FC002 unreadable-file] this link leads back to where it stands",
    ]


def test_a_link_to_nothing_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to("nothing.yaml")
    (tmp_path / "b.yaml").symlink_to("b.yaml")
    assert len(said(EstateFolder(tmp_path))) == 2


# --- what is no file ------------------------------------------------------------------------------


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yaml")
    assert said(EstateFolder(tmp_path)) == [
        "a.yaml:1:1: error[FC002 unreadable-file] this is not a file"
    ]


def test_a_folder_may_be_called_like_a_file(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml/b.yaml", "b")
    assert EstateFolder(tmp_path).read() == ({"a.yaml/b.yaml": "b"}, ())


def test_a_file_that_is_too_large_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.yaml", "x" * 1025)
    write(tmp_path / "b.yaml", "x" * 1024)
    monkeypatch.setattr("forecourt.source.readable.LARGEST_FILE", 1024)
    files, (diagnostic,) = EstateFolder(tmp_path).read()
    assert list(files) == ["b.yaml"]
    assert diagnostic.name == "unreadable-file"


def test_a_file_of_thousands_of_megabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    with (tmp_path / "a.yaml").open("wb") as file:
        file.truncate(4096 * 1024 * 1024)
    assert said(EstateFolder(tmp_path)) == [
        "a.yaml:1:1: error[FC002 unreadable-file] this file has 4,096 MB, and 32 MB is the most"
    ]


def test_a_name_that_cannot_be_printed_is_told_in_escapes(tmp_path: Path) -> None:
    os.close(os.open(os.fsencode(tmp_path) + b"/\xff.yaml", os.O_CREAT))
    write(tmp_path / "a\x1b[31m.yaml")
    told = said(EstateFolder(tmp_path))
    assert len(told) == 2
    assert all(text.isprintable() for text in told)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml")
    (tmp_path / "a.yaml").chmod(0)
    assert said(EstateFolder(tmp_path)) == [
        "a.yaml:1:1: error[FC002 unreadable-file] this cannot be read: permission denied"
    ]


# --- reading again --------------------------------------------------------------------------------


def test_reading_again_sees_what_was_written_added_and_removed(tmp_path: Path) -> None:
    folder = EstateFolder(tmp_path)
    write(tmp_path / "a.yaml", "a")
    write(tmp_path / "b.yaml", "b")
    assert folder.read()[0] == {"a.yaml": "a", "b.yaml": "b"}
    write(tmp_path / "a.yaml", "other")
    (tmp_path / "b.yaml").unlink()
    write(tmp_path / "c.yaml", "c")
    assert folder.read()[0] == {"a.yaml": "other", "c.yaml": "c"}


def test_a_file_that_was_put_in_the_place_of_another_is_seen(tmp_path: Path) -> None:
    folder = EstateFolder(tmp_path)
    write(tmp_path / "a.yaml", "one")
    before = (tmp_path / "a.yaml").stat()
    folder.read()
    write(tmp_path / "new", "two")
    os.utime(tmp_path / "new", ns=(before.st_atime_ns, before.st_mtime_ns))
    (tmp_path / "new").rename(tmp_path / "a.yaml")
    assert folder.read()[0] == {"a.yaml": "two"}


def test_what_did_not_change_is_not_read_twice(tmp_path: Path) -> None:
    folder = EstateFolder(tmp_path)
    write(tmp_path / "a.yaml", "a" * 100)
    first, _ = folder.read()
    second, _ = folder.read()
    assert second["a.yaml"] is first["a.yaml"]
