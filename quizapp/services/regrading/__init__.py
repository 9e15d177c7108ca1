"""Marking anew what was handed in: a dry run first, then the run with its record, and the way back."""
