"""Pages for parents' evening: one a student, a whole class in one print."""

from __future__ import annotations

from flask import render_template

from quizapp.domain.progress import SOMEBODY
from quizapp.services import transactions
from quizapp.services.learners import parents_evening, whole_class
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import A_CLASS, now
from quizapp.web.teacher.students import A_STUDENT


@blueprint.get(f"{A_CLASS}/parents-evening")
@allowed("teach classes")
def class_evening(class_id: int) -> str:
    """A page for each student of the class."""
    return _shown(class_id, None)


@blueprint.get(f"{A_STUDENT}/parents-evening")
@allowed("teach classes")
def student_evening(class_id: int, user_id: int) -> str:
    """The page of one student."""
    return _shown(class_id, user_id)


def _shown(class_id: int, user_id: int | None) -> str:
    session, teacher_id = transactions.session(), current_user.id
    with transactions.write_transaction():
        whole_class.close_overdue(session, class_id, teacher_id=teacher_id, now=now())
    found = parents_evening.evening(session, class_id, teacher_id=teacher_id, now=now(), user_id=user_id)
    return render_template("teacher/parents_evening.html", found=found, who=SOMEBODY, alone=user_id, today=now())
