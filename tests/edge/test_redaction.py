"""No secret of a request stands in our log, wherever Envoy prints one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.actions.api_key import new_key
from forecourt.actions.signing_key import generate_signing_key
from forecourt.edge.redaction import REDACTED, redacted
from tests.actions.builders import chance

KEY = new_key(chance("a key"), is_test=False)
TEST_KEY = new_key(chance("another"), is_test=True)
TOKEN = generate_signing_key().sign({"sub": "ada", "exp": 1})
SECRETS = (KEY, TEST_KEY, TOKEN)

# As Envoy's crash dumps, its debug log and its Lua errors write fields.
FORMS = (
    "'{name}', '{value}'",
    "      '{name}', '{value}'",
    "{name}: {value}",
    "{name}={value}",
    '"{name}": "{value}"',
    "critical backtrace: '{name}', '{value}'",
)
FIELDS = (
    "authorization",
    "Authorization",
    "cookie",
    "forecourt-credential",
    "proxy-authorization",
    "set-cookie",
    "x-api-key",
    "x-forwarded-client-cert",
    "x-internal-service-token",
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("value", [*SECRETS, f"Bearer {KEY}", "hunter2", "a', 'b", "a b; c=d"])
def test_takes_off_the_value_of(form: str, name: str, value: str) -> None:
    said = redacted(form.format(name=name, value=value))
    assert value not in said
    assert said == form.partition("{value}")[0].format(name=name).rstrip("'\"") + REDACTED or (
        said.endswith(REDACTED) and name in said
    )


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("form", ["{}", "script log: {} is odd", "a={};", "({})", "Bearer {}"])
def test_takes_off_wherever_it_stands(form: str, secret: str) -> None:
    said = redacted(form.format(secret))
    assert secret not in said
    assert secret[10:] not in said
    assert REDACTED in said


@given(st.text(), st.sampled_from(FIELDS), st.text(min_size=12), st.sampled_from(FORMS))
def test_whatever_a_caller_sends_in_such_a_field_is_not_said(
    before: str, name: str, value: str, form: str
) -> None:
    """On one line: Envoy takes no line end in a field."""
    value = "secret" + "".join(value.split())
    said = redacted("".join(before.splitlines()) + " " + form.format(name=name, value=value))
    assert "secret" + value[6:] not in said


@pytest.mark.parametrize(
    "line",
    [
        "warning main: there is no configured limit to the number of allowed connections",
        "error lua: script log: token buckets cannot be opened: run/buckets",
        "      ':path', '/v2/payments'",
        "      'x-request-id', '1b4e28ba-2fa1-11d2-883f-0016d3cca427'",
        "      'forecourt-consumer', 'developer:ada'",
        "critical assert: assert failure: key_1 of app_1",
        "",
    ],
)
def test_leaves_alone_what_is_no_secret(line: str) -> None:
    assert redacted(line) == line
