"""Access tokens for machines (OAuth 2.0): clients, tokens, and the keys that sign them."""
