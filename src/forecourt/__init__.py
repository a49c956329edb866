"""API management where each API declares one word, its audience."""

__version__ = "0.1.0"
