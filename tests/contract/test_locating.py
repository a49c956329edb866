from __future__ import annotations

import pytest

from forecourt.contract.locating import Outside, Target, located

FILE = "apis/shop/specs/v1.yaml"


@pytest.mark.parametrize(
    ("reference", "path", "fragment"),
    [
        ("#/a", FILE, "/a"),
        ("#", FILE, ""),
        ("", FILE, ""),
        ("a.yaml", "apis/shop/specs/a.yaml", ""),
        ("./a.yaml#/b/c", "apis/shop/specs/a.yaml", "/b/c"),
        ("../a.yaml#b", "apis/shop/a.yaml", "b"),
        ("../../../a.yaml", "a.yaml", ""),
        ("x/../a%20b.yaml", "apis/shop/specs/a b.yaml", ""),
        ("v1.yaml#/a", FILE, "/a"),
    ],
)
def test_a_reference_means(reference: str, path: str, fragment: str) -> None:
    assert located(reference, FILE) == Target(path=path, fragment=fragment)


@pytest.mark.parametrize(
    ("reference", "because"),
    [
        ("https://acme.example/a.yaml#/b", "is a URL"),
        ("HTTP://acme.example/a.yaml", "is a URL"),
        ("//acme.example/a.yaml", "is a URL"),
        ("urn:a:b", "is a URL"),
        ("/a.yaml", "is not relative"),
        ("C:/a.yaml", "is not relative"),
        ("%2Fa.yaml", "is not relative"),
        ("../../../../a.yaml", "leaves the estate's folder"),
        ("%2E%2E/../../../a.yaml", "leaves the estate's folder"),
        ("a/", "names no file"),
        ("..", "names no file"),
        ("a\0.yaml", "has characters"),
        ("%00.yaml", "has characters"),
    ],
)
def test_a_reference_means_nothing_here(reference: str, because: str) -> None:
    found = located(reference, FILE)
    assert isinstance(found, Outside)
    assert because in found.message
    assert found.message.isprintable()
