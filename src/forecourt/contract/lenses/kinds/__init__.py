"""The lenses, a module each; its docstring is its page."""
