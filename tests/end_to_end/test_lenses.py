"""Version 1 of the example's payments, whose service speaks version 2 only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.cli.command import forecourt
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import ACME, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.upstream import Received, Upstream, an_upstream

PAYMENT = {
    "id": "pay_3Nc7Xw",
    "amount": {"value": "49.90", "currency": "USD"},
    "customerId": "cus_8fK2mQ",
    "status": "captured",
    "created": "2028-11-03T10:15:00Z",
}
OLD_PAYMENT = {
    "id": "pay_3Nc7Xw",
    "amount": 4990,
    "customer_id": "cus_8fK2mQ",
    "status": "captured",
    "created": "2028-11-03T10:15:00Z",
}
IN_EURO = {**PAYMENT, "amount": {"value": "49.90", "currency": "EUR"}}
IN_YEN = {**PAYMENT, "amount": {"value": "1200", "currency": "JPY"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The gateway in front of a service that answers what it is told."""

    gateway: Gateway
    upstream: Upstream
    key: str

    def call(
        self, path: str, method: str = "GET", body: Any = None, **given: Any
    ) -> httpx.Response:
        if body is not None:
            given["body"] = json.dumps(body).encode()
            given["headers"] = {"content-type": "application/json", **given.get("headers", {})}
        return self.gateway.call(path, method=method, key=given.pop("key", self.key), **given)

    def says(self, body: Any, status: int = 200, **fields: str) -> None:
        """What the service says from now on."""
        kind = "application/json" if status < 400 else "application/problem+json"
        named = {name.replace("_", "-"): value for name, value in fields.items()}
        text = b"" if body is None else json.dumps(body).encode()
        self.upstream.answers(status, {"content-type": kind, **named}, text)

    def heard(self) -> Received:
        return self.upstream.last()


def payments(url: str, **fields: Any) -> Gateway:
    """A gateway of the example's payments, with a service that speaks version 2 only."""
    folder = ACME / "apis" / "payments"
    names = ("v1.openapi.yaml", "v2.openapi.yaml", "changes/2.yaml", "guides/migrate-v1-v2.md")
    old = {
        "contract": "v1.openapi.yaml",
        "status": "deprecated",
        "deprecated": "2028-07-01",
        "sunset": "2029-07-01",
        "guide": "guides/migrate-v1-v2.md",
    }
    api = {
        **an_api(path="/", versioning={"scheme": "path"}),
        "upstream": {"url": url, "version": "2"},
        "versions": {"1": old, "2": {"contract": "v2.openapi.yaml"}},
        **fields,
    }
    return an_estate(
        apis={"payments": api},
        files={f"apis/payments/{name}": (folder / name).read_text() for name in names},
        local=False,
    )


@pytest.fixture(scope="module")
def served(started_once: Started) -> Iterator[Served]:
    with an_upstream() as upstream:
        gateway = payments(upstream.url)
        started_once(gateway)
        key = gateway.a_key(developer="ada", application="shop")
        yield Served(gateway=gateway, upstream=upstream, key=key)


def test_a_charge_in_cents_becomes_a_payment_and_its_answer_a_charge(served: Served) -> None:
    served.says(PAYMENT, 201, location="/v2/payments/pay_3Nc7Xw")
    charge = {"amount": 4990, "customer_id": "cus_8fK2mQ"}
    answer = served.call("/v1/charges", "POST", charge)
    assert answer.status_code == 201, answer.text
    assert answer.json() == OLD_PAYMENT
    assert answer.headers["location"] == "/v1/payments/pay_3Nc7Xw"
    heard = served.heard()
    assert (heard.method, heard.path) == ("POST", "/payments")
    assert json.loads(heard.body) == {
        "charge": {"amount": {"value": "49.90", "currency": "USD"}, "customerId": "cus_8fK2mQ"}
    }
    assert heard.header("content-length") == str(len(heard.body))
    assert heard.header("forecourt-version") == "2"
    assert heard.header("forecourt-caller-version") == "1"


def test_a_payment_is_read_in_the_old_words(served: Served) -> None:
    served.says(PAYMENT)
    answer = served.call("/v1/payments/pay_3Nc7Xw")
    assert (answer.status_code, answer.json()) == (200, OLD_PAYMENT)
    assert served.heard().path == "/payments/pay_3Nc7Xw"
    logged = served.gateway.logged(answer)
    assert (logged["version"], logged["upstream_version"]) == ("1", "2")
    assert logged["path"] == "/v1/payments/pay_3Nc7Xw"
    assert logged["operation"] == "GET /payments/{payment_id}"


def test_a_list_is_too_with_its_query(served: Served) -> None:
    served.says({"data": [PAYMENT, PAYMENT], "next": None})
    answer = served.call("/v1/payments?limit=2")
    assert answer.json() == {"data": [OLD_PAYMENT, OLD_PAYMENT], "next": None}
    assert served.heard().path == "/payments?limit=2"


@pytest.mark.parametrize("payment", [IN_EURO, IN_YEN, {**PAYMENT, "status": "authorized"}])
def test_what_version_1_cannot_say_it_does_not_say(served: Served, payment: Any) -> None:
    served.says(payment, link='</v2/payments?after=1>; rel="next"')
    answer = served.call("/v1/payments/pay_3Nc7Xw")
    assert answer.status_code == 406
    assert answer.headers["sunset"] == "Sun, 01 Jul 2029 00:00:00 GMT"
    assert answer.headers["link"] == '</v2/>; rel="successor-version"'
    problem = answer.json()
    assert problem["type"] == "urn:forecourt:problem:not-representable"
    (fault,) = problem["faults"]
    assert fault["pointer"] in ("/amount", "/status")
    assert "done" not in problem
    assert "EUR" not in answer.text
    assert served.gateway.logged(answer)["replaced"] == "answer-not-representable"


def test_nor_a_list_that_holds_it(served: Served) -> None:
    served.says({"data": [PAYMENT, IN_EURO], "next": None})
    answer = served.call("/v1/payments")
    assert answer.status_code == 406
    assert answer.json()["faults"][0]["pointer"] == "/data/1/amount"
    assert "pay_3Nc7Xw" not in answer.text


def test_of_what_was_done_it_says_so(served: Served) -> None:
    served.says(IN_EURO, 201)
    answer = served.call("/v1/charges", "POST", {"amount": 4990, "customer_id": "cus"})
    assert answer.status_code == 406
    assert answer.json()["done"] is True


def test_what_breaks_version_1_is_refused_in_its_words_before_the_service(served: Served) -> None:
    before = len(served.upstream.received)
    answer = served.call("/v1/charges", "POST", {"amount": "x", "customer_id": "cus"})
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["pointer"] == "/amount"
    assert len(served.upstream.received) == before


def test_the_service_s_own_refusal_points_at_the_old_names(served: Served) -> None:
    served.says(
        {
            "type": "about:blank",
            "title": "No",
            "status": 422,
            "detail": "`customerId` is nobody's",
            "instance": "/payments/1",
        },
        422,
    )
    answer = served.call("/v1/charges", "POST", {"amount": 4990, "customer_id": "cus"})
    assert (answer.status_code, answer.json()["instance"]) == (422, "/payments/1")


def test_a_head_is_asked_as_one(served: Served) -> None:
    served.says(PAYMENT)
    answer = served.call("/v1/payments/pay_3Nc7Xw", "HEAD")
    assert (answer.status_code, answer.text) == (200, "")
    assert served.heard().method == "HEAD"


def test_version_2_goes_as_it_went(served: Served) -> None:
    served.says(IN_EURO)
    answer = served.call("/v2/payments/pay_3Nc7Xw")
    assert answer.json() == IN_EURO
    assert served.heard().header("forecourt-caller-version") is None


def test_a_service_of_the_house_is_raised_too_though_nobody_judges_it(served: Served) -> None:
    served.says(PAYMENT, 201)
    body = {"amount": 4990, "customer_id": "cus_8fK2mQ", "unheard": [1.10]}
    answer = served.call("/v1/charges", "POST", body, service="orders", key=None)
    assert answer.json() == OLD_PAYMENT
    heard = json.loads(served.heard().body)
    assert heard["charge"]["amount"] == {"value": "49.90", "currency": "USD"}
    served.says({"errors": [{"pointer": "/charge/customerId"}]}, 422)
    answer = served.call("/v1/charges", "POST", body, service="orders", key=None)
    assert answer.json() == {"errors": [{"pointer": "/customer_id"}]}
    answer = served.call("/v1/charges", "POST", {"amount": 1.5}, service="orders", key=None)
    assert (answer.status_code, answer.json()["faults"][0]["pointer"]) == (422, "/amount")
    assert served.call("/v1/nothing", service="orders", key=None).status_code == 404


def test_a_test_key_meets_the_mock_through_the_same_lenses(served: Served) -> None:
    key = served.gateway.a_test_key(developer="tess", application="trial")
    before = len(served.upstream.received)
    charge = {"amount": 4990, "customer_id": "cus_8fK2mQ"}
    answer = served.call("/v1/charges", "POST", charge, key=key)
    assert answer.status_code == 201, answer.text
    assert answer.json()["amount"] == 4990
    assert "customer_id" in answer.json()
    assert len(served.upstream.received) == before


def test_why_says_in_which_version_the_service_was_spoken_to(served: Served) -> None:
    served.says(IN_EURO)
    answer = served.call("/v1/payments/pay_3Nc7Xw")
    told = served.gateway.run("why", answer.headers["x-request-id"])
    assert "as version 2" in told.output


def test_what_a_deprecated_version_links_to_itself_stays(served: Served) -> None:
    served.says(PAYMENT, link='</v2/payments?after=1>; rel="next"', sunset="tomorrow")
    answer = served.call("/v1/payments/pay_3Nc7Xw")
    assert answer.status_code == 200
    assert answer.headers.get_list("sunset") == ["Sun, 01 Jul 2029 00:00:00 GMT"]
    assert answer.headers.get_list("link", split_commas=True) == [
        '</v1/payments?after=1>; rel="next"',
        '</v2/>; rel="successor-version"',
    ]


def test_after_its_sunset_it_is_gone(served: Served) -> None:
    api = "apis/payments/api.yaml"
    text = (served.gateway.estate / api).read_text()
    since, until = "2020-07-01", "2021-07-01"
    served.gateway.save(api, text.replace("2028-07-01", since).replace("2029-07-01", until))
    checked = forecourt("check", str(served.gateway.estate), env=served.gateway.settings)
    assert "has no time from today, when its callers first hear of it" in checked.output
    assert served.call("/v1/payments/pay_3Nc7Xw").status_code == 200
    waiver = {
        "rule": "deprecation-too-short",
        "api": "payments",
        "version": "1",
        "owner": "payments",
        "because": "nobody called it",
        "approved_by": ["api-review-board"],
        "expires": str(datetime.now(UTC).date() + timedelta(days=100)),
    }
    served.gateway.save("waivers/payments-v1-sunset.yaml", as_yaml(waiver))
    answer = eventually(
        lambda: (a := served.call("/v1/payments")).status_code == 410 and a,
        what="version 1 is gone",
    )
    assert answer.json()["type"] == "urn:forecourt:problem:version-retired"
