"""Pages for parents' evening: one a student, a whole class in one print."""

from __future__ import annotations

from flask import Response, render_template, request

from quizapp.services import spreadsheets, transactions
from quizapp.services.learners import evening_table, parents_evening, whole_class
from quizapp.services.learners.parents_evening import Evening
from quizapp.web.downloads import A_FILE, download
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import A_CLASS, now
from quizapp.web.teacher.students import A_STUDENT

OF_CLASS, OF_STUDENT = f"{A_CLASS}/parents-evening", f"{A_STUDENT}/parents-evening"


@blueprint.get(OF_CLASS)
@allowed("teach classes")
def class_evening(class_id: int) -> str:
    """A page for each student of the class."""
    return _shown(class_id, None)


@blueprint.get(OF_STUDENT)
@allowed("teach classes")
def student_evening(class_id: int, user_id: int) -> str:
    """The page of one student."""
    return _shown(class_id, user_id)


@blueprint.get(f"{OF_CLASS}.{A_FILE}")
@allowed("teach classes")
def export_class_evening(class_id: int, ending: str) -> Response:
    """All that the pages of the class say, as a table."""
    return _file(class_id, None, ending)


@blueprint.get(f"{OF_STUDENT}.{A_FILE}")
@allowed("teach classes")
def export_student_evening(class_id: int, user_id: int, ending: str) -> Response:
    """All that the page of one student says, as a table."""
    return _file(class_id, user_id, ending)


def _shown(class_id: int, user_id: int | None) -> str:
    found = _found(class_id, user_id, parents_evening.LISTED)
    sort = request.args.get("sort", "")
    return render_template("teacher/parents_evening.html", found=found, alone=user_id, today=now(), sort=sort)


def _file(class_id: int, user_id: int | None, ending: str) -> Response:
    found = _found(class_id, user_id, None)
    sheet = evening_table.sheet(found)
    whose = found.school_class.name if user_id is None else found.pages[0].student.name
    return download(spreadsheets.as_file(ending, sheet), f"{whose}-parents-evening", ending)


def _found(class_id: int, user_id: int | None, listed: int | None) -> Evening:
    """The pages; ``listed``: how many quizzes on each. Attempts that the clock has ended are handed in first."""
    session, teacher_id = transactions.session(), current_user.id
    with transactions.write_transaction():
        whole_class.close_overdue(session, class_id, teacher_id=teacher_id, now=now())
    return parents_evening.evening(session, class_id, teacher_id=teacher_id, now=now(), user_id=user_id, listed=listed)
