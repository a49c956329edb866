"""The `forecourt` command: one module a verb."""
