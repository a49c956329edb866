"""Rules about the exceptions themselves."""
