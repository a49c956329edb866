"""Schemathesis calls the mock behind the edge, and finds no answer that its contract lacks."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.documents import beside
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import acme, an_api, an_estate
from tests.end_to_end.gateway import Gateway

HERE = Path(__file__).parent
PROGRAM = HERE.parents[2] / ".venv" / "schemathesis" / "bin" / "schemathesis"

# A plan on which nobody has to wait.
ENDLESS = {"requests_per_minute": 10_000_000}

# What schemathesis sends beside the key would be a second credential.
SETTINGS = "[generation]\nwith-security-parameters = false\n"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not PROGRAM.exists(), reason="schemathesis is not there; `make conformance` installs it"
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How a run ended, and how often the mock answered, or the edge with which problem."""

    code: int
    said: str
    counted: Mapping[str, int]


def run(
    gateway: Gateway, folder: Path, document: Path, base: str, *options: str, mode: str = "positive"
) -> Found:
    """Every operation of a document, called below `base`."""
    counted, settings = folder / "counted.json", folder / "schemathesis.toml"
    settings.write_text(SETTINGS)
    listener = "internal" if "--request-cert" in options else "external"
    command = [
        *(PROGRAM, "--config-file", settings, "run", document),
        *("--url", f"{gateway.base(listener)}{base}", "--tls-verify", gateway.authority),
        *("--checks", "declared", "--mode", mode, "--phases", "examples,coverage,fuzzing"),
        *("--max-examples", "5", "--seed", "1", "--no-shrink", "--suppress-health-check", "all"),
        *("--warnings", "off", *options),
    ]
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "hooks",
        "PYTHONPATH": str(HERE),
        "FORECOURT_COUNTED": str(counted),
    }
    ended = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(counted.read_text()) if counted.exists() else {}
    return Found(code=ended.returncode, said=ended.stdout + ended.stderr, counted=found)


# The problems that the edge may have with what schemathesis takes to be right, and why.
ALLOWED = {
    "mock",
    "problem malformed-request",  # a path or a field that could be read in two ways
    "problem parameters-invalid",  # a control character in a query
    "problem no-example",  # nothing can hold for the schema (`docs/mock.md`)
    "problem not-found",  # an operation that is left out, or an empty or odd segment of a path
}


def was_let_through(found: Found) -> bool:
    """Whether the mock answered nearly all, and the edge refused the rest for a known reason."""
    assert set(found.counted) <= ALLOWED, found.counted
    return found.counted["mock"] > 0.9 * sum(found.counted.values())


# --- the example estate ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def example(started_once: Started) -> Gateway:
    gateway = acme()
    plans = gateway.read("plans.yaml")
    gateway.save("plans.yaml", f"{plans}  endless: {{rate_limit: {json.dumps(ENDLESS)}}}\n")
    return started_once(gateway)


@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize("version", ["1", "2"])
def test_finds_nothing_in_a_public_api(
    example: Gateway, tmp_path: Path, version: str, mode: str
) -> None:
    key = example.a_test_key(plan="endless")
    document = example.estate / f"apis/payments/v{version}.openapi.yaml"
    found = run(
        example, tmp_path, document, f"/v{version}", "--header", f"X-Api-Key: {key}", mode=mode
    )
    assert found.code == 0, found.said
    if mode == "positive":
        assert was_let_through(found)


@pytest.mark.parametrize("version", ["2023-06-01", "2024-01-15"])
def test_finds_nothing_in_an_api_for_partners(
    example: Gateway, tmp_path: Path, version: str
) -> None:
    key = example.a_test_key(partner="acme-corp")
    document = example.estate / f"apis/analytics/{version}.openapi.yaml"
    fields = ("--header", f"X-Api-Key: {key}", "--header", f"API-Version: {version}")
    found = run(example, tmp_path, document, "/analytics", *fields)
    assert found.code == 0, found.said
    assert was_let_through(found)


def test_finds_nothing_in_an_internal_api(example: Gateway, tmp_path: Path) -> None:
    pair = example.client("orders")
    document = example.estate / "apis/users/openapi.yaml"
    certificate = ("--request-cert", str(pair.certificate), "--request-cert-key", str(pair.key))
    found = run(example, tmp_path, document, "/users", *certificate)
    assert found.code == 0, found.said
    assert was_let_through(found)


# --- documents of others --------------------------------------------------------------------------

# Not Box's of 2025: an example of it holds what its schema does not declare, and what is left of
# that, `{}`, keeps two alternatives of a `oneOf`.
DOCUMENTS = (
    "adyen/BinLookupService-v54.yaml",
    "box/openapi-v2026.0.json",
    "camara-qod/quality-on-demand/r3.2.yaml",
    "museum/openapi.yaml",
    "realworld/openapi.yml",
    "sumup/openapi.yaml",
    "xero/xero-projects.yaml",
)


@pytest.fixture(scope="module")
def of_others(started_once: Started) -> Gateway:
    """One API a document."""
    apis, files = {}, {}
    for name, path in _apis().items():
        contract = f"openapi{path.suffix}"
        url = f"http://{name}.acme.example:8080"
        versions = {"1": {"contract": contract}}
        apis[name] = an_api(upstream=url, versions=versions)
        files[f"apis/{name}/{contract}"] = path.read_text()
    gateway = an_estate(
        apis=apis, files=files, plans={"endless": {"rate_limit": ENDLESS}}, local=False
    )
    return started_once(gateway)


def _apis() -> dict[str, Path]:
    return {path.partition("/")[0]: beside(path) for path in DOCUMENTS}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_finds_nothing_in_documents_of_others(
    of_others: Gateway, tmp_path: Path, document: str
) -> None:
    key = of_others.a_test_key(plan="endless")
    name = document.partition("/")[0]
    path = of_others.estate / f"apis/{name}/openapi{Path(document).suffix}"
    found = run(of_others, tmp_path, path, f"/{name}/v1", "--header", f"X-Api-Key: {key}")
    assert found.code == 0, found.said
    assert was_let_through(found)
