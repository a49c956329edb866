"""The authorization server, which callers outside reach through the edge."""
