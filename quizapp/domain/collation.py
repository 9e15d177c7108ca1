"""Names in the order in which a list of names has them: Åberg beside Abel, Łuczak beside Lund."""

from __future__ import annotations

import unicodedata

PLAIN = str.maketrans("łøđħı", "lodhi")  # letters whose mark is no accent to take away


def collated(text: str) -> str:
    """The text without regard to case and accents, as a list of names is ordered and searched."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one)).translate(PLAIN)
