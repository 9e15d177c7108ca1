"""What counts for whom: the gradebook of a class (students × quizzes) and of a quiz (students × questions).

``rows``, ``questions`` and ``shares`` give the tables whole and check no access: that is for whoever calls them.
"""

from quizapp.services.gradebook.by_dimension import DIMENSIONS, Dimension, Share, Shares, shares
from quizapp.services.gradebook.cells import Cell, Column, State, percent_of
from quizapp.services.gradebook.of_class import Book, Row, rows
from quizapp.services.gradebook.of_quiz import Answer, Question, QuestionRow, QuizBook, questions
from quizapp.services.gradebook.policy import Policy, choose, policy
from quizapp.services.gradebook.seeing import seen_by

__all__ = [
    "DIMENSIONS",
    "Answer",
    "Book",
    "Cell",
    "Column",
    "Dimension",
    "Policy",
    "Question",
    "QuestionRow",
    "QuizBook",
    "Row",
    "Share",
    "Shares",
    "State",
    "choose",
    "percent_of",
    "policy",
    "questions",
    "rows",
    "seen_by",
    "shares",
]
