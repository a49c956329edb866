"""The catalogue of kinds of change, a module for each part of a contract."""
