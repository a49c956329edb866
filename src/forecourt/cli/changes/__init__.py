"""How changes of contracts are written, a module a format."""
