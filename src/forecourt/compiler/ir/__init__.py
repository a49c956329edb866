"""What the edge must do, decided and not yet spelled: plain values that know nothing of Envoy."""
