"""Refusals of answers whose body nobody waits for: it may have no end.

Lua can put a problem in the place of an answer only once the whole of it is there. Where an answer
does not say how long it is, the edge's code says in a field that it is refused, and Envoy answers
itself, and ends the upstream's stream.
"""

from __future__ import annotations

from forecourt.compiler.envoy.answer_fields import answer_fields, overwriting
from forecourt.compiler.envoy.problems import PROBLEM_TYPE
from forecourt.compiler.envoy.security_headers import security_headers
from forecourt.compiler.envoy.spelling import Json, extension
from forecourt.compiler.envoy.vantage import Vantage

# The field, and where in metadata the problem is: `forecourt.replacing` has both.
REFUSED_HEADER, NAMESPACE, PROBLEM_KEY = "forecourt-refused", "forecourt", "problem"

_NO_STORE = overwriting("cache-control", "no-store")


def refusals_filter(vantage: Vantage) -> Json:
    """The filter; what does not say that it is refused passes."""
    always = security_headers(is_external=vantage.listener == "external")
    policy = extension(
        "refused",
        "envoy.extensions.http.custom_response.local_response_policy.v3.LocalResponsePolicy",
        {
            "body_format": {
                "content_type": PROBLEM_TYPE,
                "text_format_source": {
                    "inline_string": f"%DYNAMIC_METADATA({NAMESPACE}:{PROBLEM_KEY})%"
                },
            },
            "response_headers_to_add": [*answer_fields(always), _NO_STORE],
        },
    )
    field = extension(
        REFUSED_HEADER,
        "envoy.type.matcher.v3.HttpResponseHeaderMatchInput",
        {"header_name": REFUSED_HEADER},
    )
    return extension(
        "envoy.filters.http.custom_response",
        "envoy.extensions.filters.http.custom_response.v3.CustomResponse",
        {
            "custom_response_matcher": {
                "matcher_tree": {
                    "input": field,
                    "exact_match_map": {"map": {"yes": {"action": policy}}},
                }
            }
        },
    )
