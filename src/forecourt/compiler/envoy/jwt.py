"""Signatures of tokens, checked natively; the claims go where only the gate reads them."""

from __future__ import annotations

from forecourt.compiler.envoy.headers import INTERNAL_TOKEN_HEADER
from forecourt.compiler.envoy.spelling import Json, extension
from forecourt.compiler.envoy.vantage import Vantage

INTERNAL_PROVIDER = "internal"
# No issuer can be called so: a name has no dot.
OWN_PROVIDER = "forecourt.oauth"

# How far two clocks may be apart, in seconds, both ways.
_CLOCK_SKEW = 30


def token_filter(vantage: Vantage) -> Json | None:
    """The filter for this chain, or None where no token counts.

    A token that fails lets the request through to the gate, without claims: the gate's answer is
    the same for a wrong audience as for a wrong signature.
    """
    providers = _providers(vantage)
    if not providers:
        return None
    any_of: list[Json] = [{"provider_name": name} for name in sorted(providers)]
    return extension(
        "envoy.filters.http.jwt_authn",
        "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
        {
            "providers": providers,
            "rules": [
                {
                    "match": {"prefix": "/"},
                    "requires": {
                        "requires_any": {"requirements": [*any_of, {"allow_missing_or_failed": {}}]}
                    },
                }
            ],
        },
    )


def internal_issuer(trust_domain: str) -> str:
    """The `iss` of our own service tokens."""
    return f"forecourt:{trust_domain}"


def _providers(vantage: Vantage) -> Json:
    if vantage.is_mesh:
        domain = vantage.gateway.trust_domain
        return {
            INTERNAL_PROVIDER: _provider(
                name=INTERNAL_PROVIDER,
                issuer=internal_issuer(domain),
                audience=domain,
                jwks=vantage.keys.internal,
                source={"from_headers": [{"name": INTERNAL_TOKEN_HEADER}]},
            )
        }
    issuers: Json = {
        issuer.name: _provider(
            name=issuer.name,
            issuer=issuer.issuer,
            audience=issuer.token_audience,
            jwks=vantage.keys.issuers[issuer.name],
            source=_BEARER,
        )
        for issuer in vantage.issuers
        if issuer.name in vantage.keys.issuers
    }
    if vantage.keys.own:
        # What it is for, the control plane knows: adding an API must not change a listener. These
        # keys sign nothing else, so every token of theirs is for something here.
        issuers[OWN_PROVIDER] = _provider(
            name=OWN_PROVIDER,
            issuer=vantage.gateway.url,
            audience=None,
            jwks=vantage.keys.own,
            source=_BEARER,
        )
    return issuers


_BEARER: Json = {"from_headers": [{"name": "authorization", "value_prefix": "Bearer "}]}


def _provider(*, name: str, issuer: str, audience: str | None, jwks: str, source: Json) -> Json:
    return {
        "issuer": issuer,
        **({} if audience is None else {"audiences": [audience]}),
        "local_jwks": {"inline_string": jwks},
        "payload_in_metadata": name,
        "forward": True,
        "require_expiration": True,
        "clock_skew_seconds": _CLOCK_SKEW,
        "jwt_cache_config": {"jwt_cache_size": 10_000},
        **source,
    }
