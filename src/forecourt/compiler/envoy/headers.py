"""Fields that prove who calls, beside `authorization` and `x-api-key`."""

from __future__ import annotations

CLIENT_CERTIFICATE_HEADER = "x-forwarded-client-cert"
INTERNAL_TOKEN_HEADER = "x-internal-service-token"
