"""Rules about what could be seen or reached by the wrong people."""
