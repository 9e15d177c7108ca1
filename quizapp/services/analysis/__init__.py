"""Which questions work: a quiz's item analysis, what it means in words, and which passages were read and misread."""

from quizapp.services.analysis.choosing import COUNTING, Choice, Group, QuizCount, choose, counted, counted_csv
from quizapp.services.analysis.questions import QuestionLine
from quizapp.services.analysis.whole import Analysis, analyse

__all__ = [
    "COUNTING",
    "Analysis",
    "Choice",
    "Group",
    "QuestionLine",
    "QuizCount",
    "analyse",
    "choose",
    "counted",
    "counted_csv",
]
