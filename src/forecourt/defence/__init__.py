"""Who attacks, by what the edge logged: windows of lines in, findings out."""
