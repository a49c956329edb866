"""Callers are called, too: then answers are theirs, and requests are ours."""

from __future__ import annotations

from typing import Any

from tests.contract.comparison.documents import changes, document, posting


def _sending(schema: Any) -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": schema}}}
    return {"requestBody": body, "responses": {"204": {"description": ""}}}


def _webhook(schema: Any) -> dict[str, Any]:
    return document(webhooks={"done": {"post": _sending(schema)}})


def _callback(schema: Any) -> dict[str, Any]:
    return posting(callbacks={"done": {"{$request.body#/url}": {"post": _sending(schema)}}})


_ONE = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}


def test_what_a_webhook_sends_is_judged_as_an_answer() -> None:
    (change,) = changes(_webhook(_ONE), _webhook({**_ONE, "required": []}))
    assert change.kind.id == "response-property-became-optional"
    assert change.operations == ()
    assert change.where == "webhook POST done"


def test_what_a_callback_sends_is_judged_as_an_answer() -> None:
    (change,) = changes(_callback(_ONE), _callback({"type": "object"}))
    assert change.kind.id == "response-required-property-removed"
    assert change.operations == ("POST /things",)
    assert change.where == "callback done POST {$request.body#/url}"


def test_a_callback_that_is_referred_to_is_the_same() -> None:
    callback = {"{$request.body#/url}": {"post": _sending(_ONE)}}
    components = {"callbacks": {"Done": callback}}
    referring = posting(callbacks={"done": {"$ref": "#/components/callbacks/Done"}})
    assert not changes(_callback(_ONE), {**referring, "components": components})
