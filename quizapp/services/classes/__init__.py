"""Classes: making them, who is in them, how one joins, and what becomes of them in the end."""
