"""What was called, by whom: counts made of the access log's lines."""
