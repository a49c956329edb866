"""How findings are written: one module a format, each with `written(report) -> str`."""
