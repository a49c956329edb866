"""What the gateway itself has inside is looked for outside."""

from __future__ import annotations

from forecourt.edge.exposure.gateways_own import PATHS, own_targets


def test_looks_for_pages_of_its_own_documents_and_the_mock() -> None:
    found = {t.path for t in own_targets([("/people/v1/", "users")], [("/pay/v1/", "pay", "1")])}
    assert found == {*PATHS, "/people/v1/openapi.json", "/users/"}


def test_not_where_an_api_outside_may_answer() -> None:
    assert own_targets([("/users/v1/", "users")], [("/", "all", "1")]) == ()
    found = own_targets([], [("/health/", "doctors", "1")])
    assert {"/metrics", "/health/ready"} & {t.path for t in found} == {"/metrics"}


def test_nothing_that_is_looked_for_does_anything_when_it_is_asked() -> None:
    """Envoy has pages that end it, or empty its counters."""
    assert not {"/quitquitquit", "/healthcheck/fail", "/reset_counters", "/drain_listeners"} & {
        *PATHS
    }
