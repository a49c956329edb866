"""From the declared estate to what Envoy loads: intermediate values, lowering, spelling."""
