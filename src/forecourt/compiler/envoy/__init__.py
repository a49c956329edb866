"""How Envoy says it: every spelling of its configuration, and no decision."""
