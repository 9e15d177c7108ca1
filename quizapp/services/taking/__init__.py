"""Taking a quiz: start, respond, check, flag, submit, and what the pages of an attempt show."""

from quizapp.services.taking.blank_reasons import blank_reasons
from quizapp.services.taking.finishing import (
    NothingAnswered,
    check,
    close_overdue,
    has_run_out,
    needs_closing,
    submit,
)
from quizapp.services.taking.lines import Line
from quizapp.services.taking.pages import AttemptFrame, QuestionPage, frame, leave, mark_shown, question_page
from quizapp.services.taking.results import ResultPage, result_page
from quizapp.services.taking.retrying import practice, retry
from quizapp.services.taking.saving import Receipt, Sent, flag, respond
from quizapp.services.taking.self_checking import self_check
from quizapp.services.taking.starting import WrongPassword, check_password, quiz_page, quizzes_page, start
from quizapp.store.attempts import Look

__all__ = [
    "AttemptFrame",
    "Line",
    "Look",
    "NothingAnswered",
    "QuestionPage",
    "Receipt",
    "ResultPage",
    "Sent",
    "WrongPassword",
    "blank_reasons",
    "check",
    "check_password",
    "close_overdue",
    "flag",
    "frame",
    "has_run_out",
    "leave",
    "mark_shown",
    "needs_closing",
    "practice",
    "question_page",
    "quiz_page",
    "quizzes_page",
    "respond",
    "result_page",
    "retry",
    "self_check",
    "start",
    "submit",
]
