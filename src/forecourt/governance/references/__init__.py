"""Rules about names that must lead somewhere, and identities that must lead to one."""
