"""What Envoy needs besides a snapshot, put into the state folder."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509

from forecourt.edge.authority import KeyPair, LocalAuthority
from forecourt.edge.material import Authority, Material, MaterialFolder, MaterialMissing, Shown

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORDERS = "spiffe://acme.example/orders"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def folder(state: Path) -> MaterialFolder:
    made = MaterialFolder(state)
    made.make_folders()
    return made


def local(**given: object) -> Material:
    """An estate that brings nothing of its own."""
    fields: dict[str, object] = {
        "shown": (Shown(name="external", hosts=("api.acme.example", "localhost")),),
        "mesh_authority": None,
    }
    return Material(**(fields | given))  # type: ignore[arg-type]


def own_files(folder: Path, name: str = "own") -> KeyPair:
    """A pair that somebody else made."""
    authority = LocalAuthority(folder, "somebody")
    authority.ensure(NOW)
    pair = KeyPair(certificate=folder / f"{name}.pem", key=folder / f"{name}.key")
    authority.server(pair, ("api.acme.example",), NOW)
    return pair


def test_makes_what_envoy_expects(folder: MaterialFolder, state: Path) -> None:
    assert {"run", "logs", "tls", "lua"} <= {path.name for path in state.iterdir()}
    assert stat.S_IMODE((state / "tls").stat().st_mode) == 0o700


def test_a_local_authority_signs_what_nobody_brings(folder: MaterialFolder, state: Path) -> None:
    folder.provide(local(identities={"orders": ORDERS}), NOW)
    held = x509.load_pem_x509_certificate((state / "tls" / "external.pem").read_bytes())
    root = x509.load_pem_x509_certificate(folder.servers.certificate.read_bytes())
    held.verify_directly_issued_by(root)
    assert (state / "tls" / "mesh-ca.pem").read_bytes() == folder.mesh.certificate.read_bytes()
    client = x509.load_pem_x509_certificate(folder.client("orders").certificate.read_bytes())
    client.verify_directly_issued_by(
        x509.load_pem_x509_certificate(folder.mesh.certificate.read_bytes())
    )


def test_own_files_are_used_as_they_are(
    folder: MaterialFolder, state: Path, tmp_path: Path
) -> None:
    pair = own_files(tmp_path / "own")
    folder.provide(local(shown=(Shown(name="external", hosts=(), own=pair),)), NOW)
    assert (state / "tls" / "external.pem").read_bytes() == pair.certificate.read_bytes()
    assert (state / "tls" / "external.key").read_bytes() == pair.key.read_bytes()
    assert not (state / "authority" / "servers.pem").exists()


def test_the_meshs_own_authority_leaves_nothing_for_ours_to_sign(
    folder: MaterialFolder, state: Path, tmp_path: Path
) -> None:
    authority = tmp_path / "ca.pem"
    authority.write_text("the mesh's")
    folder.provide(
        local(mesh_authority=Authority(path=authority), identities={"orders": ORDERS}), NOW
    )
    assert (state / "tls" / "mesh-ca.pem").read_text() == "the mesh's"
    assert not (state / "clients").exists()


def test_partners_authorities_stand_by_name(
    folder: MaterialFolder, state: Path, tmp_path: Path
) -> None:
    (tmp_path / "acme.pem").write_text("acme's")
    folder.provide(
        local(partner_authorities={"acme-corp": Authority(path=tmp_path / "acme.pem")}), NOW
    )
    assert (state / "tls" / "partner-acme-corp.pem").read_text() == "acme's"


def test_everything_in_it_is_for_its_owner_only(folder: MaterialFolder, state: Path) -> None:
    folder.provide(local(identities={"orders": ORDERS}), NOW)
    private = [*(state / "tls").glob("*.key"), *(state / "clients").glob("*.key")]
    assert len(private) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}


def test_public_authorities_are_there_for_upstreams(folder: MaterialFolder, state: Path) -> None:
    folder.provide(local(), NOW)
    assert b"BEGIN CERTIFICATE" in (state / "tls" / "roots.pem").read_bytes()


def test_what_is_there_and_good_is_left_alone(folder: MaterialFolder, state: Path) -> None:
    """Envoy watches the folder: a file that is written again is read again."""
    folder.provide(local(identities={"orders": ORDERS}), NOW)
    before = {path: path.stat().st_mtime_ns for path in state.rglob("*.*") if path.is_file()}
    folder.provide(local(identities={"orders": ORDERS}), NOW)
    assert {p: p.stat().st_mtime_ns for p in state.rglob("*.*") if p.is_file()} == before


@pytest.mark.parametrize("missing", ["certificate", "key"])
def test_says_which_file_is_missing(folder: MaterialFolder, tmp_path: Path, missing: str) -> None:
    pair = own_files(tmp_path / "own")
    path: Path = getattr(pair, missing)
    path.unlink()
    with pytest.raises(MaterialMissing) as caught:
        folder.provide(local(shown=(Shown(name="external", hosts=(), own=pair),)), NOW)
    assert caught.value.path == path
    assert caught.value.because == "no such file or directory"


@pytest.mark.parametrize("missing", ["certificate", "key"])
def test_goes_on_with_both_files_of_a_pair_when_one_goes_away(
    folder: MaterialFolder, state: Path, tmp_path: Path, missing: str
) -> None:
    first, second = own_files(tmp_path / "own"), own_files(tmp_path / "other")
    folder.provide(local(shown=(Shown(name="external", hosts=(), own=first),)), NOW)
    getattr(second, missing).unlink()
    folder.provide(local(shown=(Shown(name="external", hosts=(), own=second),)), NOW)
    assert (state / "tls" / "external.pem").read_bytes() == first.certificate.read_bytes()
    assert (state / "tls" / "external.key").read_bytes() == first.key.read_bytes()


def test_an_authority_that_goes_away_is_still_the_one(
    folder: MaterialFolder, state: Path, tmp_path: Path
) -> None:
    authority = tmp_path / "ca.pem"
    authority.write_text("the mesh's")
    folder.provide(local(mesh_authority=Authority(path=authority)), NOW)
    authority.unlink()
    folder.provide(local(mesh_authority=Authority(path=authority)), NOW)
    assert (state / "tls" / "mesh-ca.pem").read_text() == "the mesh's"


def test_a_file_that_changes_is_taken_over(
    folder: MaterialFolder, state: Path, tmp_path: Path
) -> None:
    authority = tmp_path / "ca.pem"
    for text in ("old", "new"):
        authority.write_text(text)
        folder.provide(local(mesh_authority=Authority(path=authority)), NOW)
        assert (state / "tls" / "mesh-ca.pem").read_text() == text


def test_what_takes_the_place_of_a_published_authority_is_not_trusted_until_it_is_published(
    folder: MaterialFolder, state: Path, tmp_path: Path
) -> None:
    file, served = tmp_path / "ca.pem", state / "tls" / "mesh-ca.pem"
    published = {text: Authority(path=file, sha256=_sha256(text)) for text in ("old", "new")}
    file.write_text("old")
    folder.provide(local(mesh_authority=published["old"]), NOW)
    file.write_text("new")
    folder.provide(local(mesh_authority=published["old"]), NOW)
    assert served.read_text() == "old"
    folder.provide(local(mesh_authority=published["new"]), NOW)
    assert served.read_text() == "new"
    folder.provide(local(mesh_authority=published["old"]), NOW)
    assert served.read_text() == "old", "the way back needs no file of the estate"


def _sha256(text: str) -> str:
    return sha256(text.encode()).hexdigest()
