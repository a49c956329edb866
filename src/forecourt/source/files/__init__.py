"""What each file of an estate holds, one module a kind of file."""
