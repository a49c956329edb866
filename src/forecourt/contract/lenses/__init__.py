"""How messages of one version become messages of the next, and back: lenses as plain steps."""
