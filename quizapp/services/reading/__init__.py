"""What readers see of sources, passages and disputes, and what is kept from them while a question of theirs is open."""

from quizapp.services.reading.citations import citations
from quizapp.services.reading.disputes import DisputePage, DisputesPage, dispute_page, dispute_questions, disputes_page
from quizapp.services.reading.names import PassageName, passage_names, voices
from quizapp.services.reading.open_questions import NONE_OPEN, OpenQuestions, Place, open_questions
from quizapp.services.reading.openings import record_opening
from quizapp.services.reading.passages import PassagePage, passage_page
from quizapp.services.reading.shown import ShownPassage, shown_passages
from quizapp.services.reading.sources import SourceCard, SourcePage, source_page, sources_page
from quizapp.services.reading.standing import OpenAttempt, SourcesClosed

__all__ = [
    "NONE_OPEN",
    "DisputePage",
    "DisputesPage",
    "OpenAttempt",
    "OpenQuestions",
    "PassageName",
    "PassagePage",
    "Place",
    "ShownPassage",
    "SourceCard",
    "SourcePage",
    "SourcesClosed",
    "citations",
    "dispute_page",
    "dispute_questions",
    "disputes_page",
    "open_questions",
    "passage_names",
    "passage_page",
    "record_opening",
    "shown_passages",
    "source_page",
    "sources_page",
    "voices",
]
