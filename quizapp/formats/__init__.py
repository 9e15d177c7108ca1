"""How things travel: one file an exchange format."""
