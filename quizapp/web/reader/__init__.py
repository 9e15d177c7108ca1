"""What readers see: sources, passages and disputes, open to everybody."""

from quizapp.web.reader.pages import blueprint

__all__ = ["blueprint"]
