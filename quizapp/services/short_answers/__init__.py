"""Short answers that nobody foresaw: looking through them, and accepting one for the question or for one quiz."""

from quizapp.services.short_answers.accepting import (
    BY_HAND,
    Concern,
    accept_for_item,
    accept_for_quiz,
    accepted,
    concerned,
    give,
    withdraw,
)
from quizapp.services.short_answers.looking import AnswersPage, QuizLine, answers, as_csv, of_quiz, quiz_csv

__all__ = [
    "BY_HAND",
    "AnswersPage",
    "Concern",
    "QuizLine",
    "accept_for_item",
    "accept_for_quiz",
    "accepted",
    "answers",
    "as_csv",
    "concerned",
    "give",
    "of_quiz",
    "quiz_csv",
    "withdraw",
]
