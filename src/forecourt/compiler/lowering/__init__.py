"""Every decision: what the edge must do, from what was declared; nothing of how Envoy says it."""
