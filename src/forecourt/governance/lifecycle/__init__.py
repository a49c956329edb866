"""Rules about postures, versions and promises."""
