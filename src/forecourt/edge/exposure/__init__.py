"""Is anything open that should not be: told without asking the compiler, which is judged here."""
