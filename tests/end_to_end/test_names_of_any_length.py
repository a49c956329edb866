"""What the edge knows of a contract it knows as well once its code is compiled."""

from __future__ import annotations

import json
from typing import Any

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_contract, an_api, an_estate, as_yaml

# Short and long names are hashed in different ways; letters beyond ASCII have their upper bits set.
NAMES = [letter * length for length in range(1, 41) for letter in ("x", "é", "語")]


def a_contract_with_names() -> dict[str, Any]:
    contract = a_contract()
    contract["paths"]["/things"]["post"]["requestBody"]["content"]["application/json"] = {
        "schema": {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: {"type": "integer"} for name in NAMES},
        }
    }
    return contract


def test_a_property_of_any_name_is_found_as_often_as_it_is_sent(started: Started) -> None:
    gateway = started(
        an_estate(
            apis={"lamps": an_api()},
            files={"apis/lamps/openapi.yaml": as_yaml(a_contract_with_names())},
            plans={"fast": {"rate_limit": {"requests_per_minute": 1_000_000}}},
            workers=1,
        )
    )
    fields = {
        "x-api-key": gateway.a_key(developer="lin", plan="fast"),
        "content-type": "application/json",
    }
    body = json.dumps(dict.fromkeys(NAMES, 1), ensure_ascii=False).encode()
    with gateway.connection() as client:
        for _ in range(200):
            answer = client.post("/lamps/v1/things", content=body, headers=fields)
            assert answer.is_success, answer.text
        wrong = body.replace(b'"x"', b'"y"')
        refused = client.post("/lamps/v1/things", content=wrong, headers=fields)
    assert refused.status_code == 422
