"""What the edge judges bodies by: the schemas of a contract, compiled for one audience."""
