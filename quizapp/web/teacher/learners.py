"""How a class and its students get on: in words, in charts with their tables, as files."""

from __future__ import annotations

from flask import Response, render_template, request

from quizapp.domain.progress import CLASS, SOMEBODY
from quizapp.services import reporting, taking, transactions
from quizapp.services.classes import members, own
from quizapp.services.learners import tables, whole_class
from quizapp.services.people import Person
from quizapp.web.downloads import download
from quizapp.web.identity import allowed, current_user, time_zone
from quizapp.web.progress_charts import certainty_bars, score_points, share_points, strand_charts
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.attempt_addresses import attempt_address
from quizapp.web.teacher.classes import A_CLASS, now
from quizapp.web.teacher.students import A_STUDENT

OF_CLASS, OF_STUDENT = f"{A_CLASS}/progress", f"{A_STUDENT}/progress"


@blueprint.get(OF_CLASS)
@allowed("teach classes")
def show_class_progress(class_id: int) -> str:
    """The class as a whole over time, and where each student stands."""
    sort = request.args.get("sort", "name")
    found = _of_class(class_id, sort)
    return render_template(
        "teacher/class_progress.html",
        found=found,
        who=CLASS,
        sort=sort,
        points=share_points(found.strands),
        charts=strand_charts(found.strands),
    )


@blueprint.get(f"{OF_CLASS}.csv")
@allowed("teach classes")
def export_class_progress(class_id: int) -> Response:
    """Where the students stand, or with ``?table=`` another table, for a spreadsheet."""
    found = _of_class(class_id)
    sheets = tables.of_class(found, CLASS)
    data = tables.csv(sheets.get(request.args.get("table", ""), sheets["students"]))
    return download(data, f"{found.school_class.name}-progress", "csv")


@blueprint.get(f"{OF_CLASS}.xlsx")
@allowed("teach classes")
def export_class_workbook(class_id: int) -> Response:
    """All tables of the class's progress, a sheet each."""
    found = _of_class(class_id)
    data = tables.workbook(tables.of_class(found, CLASS))
    return download(data, f"{found.school_class.name}-progress", "xlsx")


def _of_class(class_id: int, sort: str = "name") -> whole_class.ClassProgress:
    session, teacher_id = transactions.session(), current_user.id
    with transactions.write_transaction():
        whole_class.close_overdue(session, class_id, teacher_id=teacher_id, now=now())
    return whole_class.class_progress(session, class_id, teacher_id=teacher_id, zone=time_zone(), sort=sort)


@blueprint.get(OF_STUDENT)
@allowed("teach classes")
def show_student_progress(class_id: int, user_id: int) -> str:
    """One student over time."""
    student, found = _of_student(class_id, user_id)
    sort = request.args.get("sort", "-submitted")
    return render_template(
        "teacher/student_progress.html",
        school_class=own.taught(transactions.session(), class_id, current_user.id),
        student=student,
        found=found,
        who=SOMEBODY,
        timeline=reporting.sorted_timeline(found, sort),
        sort=sort,
        points=score_points(found, attempt_address),
        charts=strand_charts(found.strands),
        certainty_bars=certainty_bars(found),
        attempt_address=attempt_address,
    )


@blueprint.get(f"{OF_STUDENT}.csv")
@allowed("teach classes")
def export_student_progress(class_id: int, user_id: int) -> Response:
    """The student's attempts, or with ``?table=`` another table, for a spreadsheet."""
    student, found = _of_student(class_id, user_id)
    sheets = tables.of_student(found, SOMEBODY)
    data = tables.csv(sheets.get(request.args.get("table", ""), sheets["attempts"]))
    return download(data, f"{student.name}-progress", "csv")


@blueprint.get(f"{OF_STUDENT}.xlsx")
@allowed("teach classes")
def export_student_workbook(class_id: int, user_id: int) -> Response:
    """All tables of the student's progress, a sheet each."""
    student, found = _of_student(class_id, user_id)
    return download(tables.workbook(tables.of_student(found, SOMEBODY)), f"{student.name}-progress", "xlsx")


def _of_student(class_id: int, user_id: int) -> tuple[Person, reporting.Progress]:
    """A student of this teacher's class, with what concerns the class. Raises ``NotFound``."""
    session = transactions.session()
    own.taught(session, class_id, current_user.id)
    student = members.student(session, class_id, user_id).person
    with transactions.write_transaction():
        taking.close_overdue(session, now=now(), user_id=user_id)
    found = reporting.progress(session, user_id=user_id, now=now(), zone=time_zone(), taught_in=class_id)
    return student, found
