"""Every address of the app, by rule: what a test that walks ``app.url_map`` puts in for the variable parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule


@dataclass(frozen=True)
class Places:
    """What there is to visit: an attempt that is open, one that is submitted, and things that are published."""

    running: str = ""  # /attempts/<uuid>
    finished: str = ""
    marked: str = ""  # one that a student of the one who asks has handed in, for its teacher; else ``finished``
    quiz: str = ""
    source: str = ""
    passage: str = ""  # source/passage
    dispute: str = ""
    token: str = "no-such-token"
    school_class: int = 1  # of the one who asks, where a test says so
    assignment: int = 1
    set_to_me: int = 1  # an assignment of a class in which the one who asks is a student
    student: int = 1
    group: int = 1
    code: str = "ABCDEFGH"
    batch: str = "/teach/import/00000000-0000-0000-0000-000000000000"  # a file that waits for its import
    taken: str = ""  # a quiz that others have finished, for its analysis; else ``quiz``
    question: str = "choice-1"  # an item, of that quiz
    typed: str = "no-such-question"  # a question with typed answers
    typed_in: str = "none"  # a quiz in which it was answered
    accepted: str = 64 * "0"  # the digest of an answer to it that is accepted there
    reasoned: str = "1/choice-1"  # an assignment, and an item to which reasons were given there
    report: int = 1  # what a student reported
    own_source: str = "own-none"  # added by the one who asks, where a test says so
    regrade: int = 1  # a regrade of the one who asks
    note: int = 1  # that waits for the one who asks, where a test says so
    reviewed: str = ""  # a question of an attempt that its student sees reviewed; else the first of ``finished``
    evidence: str = ""  # a passage with a question that this reader has seen reviewed


NOBODYS = "/attempts/00000000-0000-4000-8000-000000000000"


def get_rules(app: Flask) -> list[Rule]:
    """Every rule that answers GET, assets left out."""
    return [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint != "static"]


def post_rules(app: Flask) -> list[Rule]:
    """Every rule that answers POST."""
    return [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]


def addresses(at: Places) -> Mapping[str, list[str]]:
    """Endpoint → the addresses to try, for every endpoint that has pages or takes forms."""
    return {
        "account.become_first_teacher": [f"/first-teacher/{at.token}"],
        "account.change_password": ["/account/password"],
        "account.delete": ["/account/delete"],
        "account.end_sessions": ["/account/end-sessions"],
        "account.export": ["/account/data.json"],
        "account.first_password": ["/account/new-password"],
        "account.show": ["/account"],
        "account.stay": ["/account/stay"],
        "account.sign_in": ["/sign-in"],
        "account.sign_out": ["/sign-out"],
        "account.sign_up": ["/sign-up"],
        "assignments.show": [f"/assignments/{at.set_to_me}"],
        "assignments.start": [f"/assignments/{at.set_to_me}/attempts"],
        "attempts.certificate": [f"{at.finished}/certificate"],
        "attempts.check": [f"{at.running}/1/check"],
        "attempts.flag": [f"{at.running}/1/flag"],
        "attempts.question": [f"{at.running}/1", f"{at.running}/2"],
        "attempts.result": [f"{at.finished}/result", f"{at.finished}/result?print=1"],
        "attempts.resume": [at.running, at.finished],
        "attempts.retry": [f"{at.finished}/retry"],
        "attempts.save": [f"{at.running}/1"],
        "attempts.self_check": [f"{at.running}/1/self-check"],
        "attempts.submit": [f"{at.running}/submit"],
        "attempts.summary": [f"{at.running}/summary"],
        "help.index": ["/help"],
        "help.show": ["/help/students", "/help/teachers"],
        "joining.join": ["/join"],
        "joining.leave": [f"/classes/{at.school_class}/leave"],
        "joining.show": ["/join", f"/join/{at.code}"],
        "notes.put_away": [f"/notes/{at.note}/put-away"],
        "operations.healthz": ["/healthz"],
        "operations.readyz": ["/readyz"],
        "preferences.change": ["/preferences"],
        "presence.show": ["/session"],
        "progress.export": ["/progress.csv"],
        "progress.export_workbook": ["/progress.xlsx"],
        "progress.practise": ["/progress/practice"],
        "progress.show": ["/progress"],
        "quizzes.home": ["/"],
        "quizzes.index": ["/quizzes"],
        "quizzes.show": [f"/quizzes/{at.quiz}"],
        "quizzes.start": [f"/quizzes/{at.quiz}/attempts"],
        "reader.dispute": [f"/disputes/{at.dispute}"],
        "reader.disputes": ["/disputes"],
        "reader.passage": [f"/sources/{at.passage}", at.evidence or f"/sources/{at.passage}"],
        "reader.source": [f"/sources/{at.source}"],
        "reader.sources": ["/sources"],
        "reports.challenge_judgement": [f"/disputes/{at.dispute}/challenge"],
        "reports.challenge_key": [f"{at.reviewed or f'{at.finished}/1'}/challenge"],
        "reports.new_challenge": [f"{at.reviewed or f'{at.finished}/1'}/challenge"],
        "reports.new_judgement": [f"/disputes/{at.dispute}/challenge"],
        "reports.new_problem": [f"{at.reviewed or f'{at.finished}/1'}/report"],
        "reports.report_problem": [f"{at.reviewed or f'{at.finished}/1'}/report"],
        "reports.show": ["/reports"],
        "reports.withdraw": [f"/reports/{at.report}/withdraw"],
        "teacher.answer_problem_report": [f"/teach/reports/{at.report}"],
        "teacher.begin_import": ["/teach/import"],
        "teacher.export_problem_reports": ["/teach/reports.csv"],
        "teacher.show_problem_report": [f"/teach/reports/{at.report}"],
        "teacher.show_problem_reports": ["/teach/reports", "/teach/reports?state="],
        "teacher.export_audit": ["/teach/audit.csv"],
        "teacher.export_coverage": ["/teach/coverage.csv"],
        "teacher.export_questions": ["/teach/export/file"],
        "teacher.export_report": ["/teach/export/report.csv"],
        "teacher.export_scores": ["/teach/scores/export"],
        "teacher.export_scores_file": ["/teach/scores/export/file"],
        "teacher.home": ["/teach/"],
        "teacher.import_report": [f"{at.batch}/report.csv"],
        "teacher.import_template": ["/teach/import/template.csv"],
        "teacher.import_these": [at.batch],
        "teacher.receive_import": ["/teach/import"],
        "teacher.show_audit": ["/teach/audit"],
        "teacher.show_coverage": ["/teach/coverage"],
        "teacher.show_export": ["/teach/export"],
        "teacher.show_gallery": ["/teach/gallery"],
        "teacher.show_import": [at.batch],
        "teacher.undo_import": [f"{at.batch}/undo"],
        **of_analysis(at),
        **of_marking(at),
        **of_gradebook(at),
        **of_classes(at),
        **of_regrades(at),
        **of_questions(f"/teach/questions/{at.question}"),
        **of_sources(f"/teach/sources/{at.own_source}", at.source or "none"),
        **of_quizzes(f"/teach/quizzes/{at.quiz or 'none'}"),
    }


def of_questions(one: str) -> dict[str, list[str]]:
    """Those of the list of questions, and of one of them."""
    return {
        "teacher.change_question": [f"{one}/edit"],
        "teacher.change_several": ["/teach/questions"],
        "teacher.change_status": [f"{one}/status"],
        "teacher.discard_draft": [f"{one}/discard"],
        "teacher.export_list": ["/teach/questions.csv?q=a"],
        "teacher.edit_question": [f"{one}/edit"],
        "teacher.keep_draft": [f"{one}/draft"],
        "teacher.new_question": [f"/teach/questions/new{kind}" for kind in ("", "?type=date", "?type=evidence")],
        "teacher.preview_question": [f"{one}/preview"],
        "teacher.show_provenance": ["/teach/provenance"],
        "teacher.export_provenance": ["/teach/provenance.csv"],
        "teacher.still_right": ["/teach/provenance"],
        "teacher.restore_question": [f"{one}/restore"],
        "teacher.show_history": [f"{one}/history"],
        "teacher.show_question": [one],
        "teacher.show_questions": ["/teach/questions"],
    }


def of_sources(one: str, catalogued: str) -> dict[str, list[str]]:
    """Those of the sources that teachers add."""
    return {
        "teacher.attach_copy": [f"/teach/copies/{catalogued}"],
        "teacher.remove_copy": [f"/teach/copies/{catalogued}/remove"],
        "teacher.show_copy": [f"/teach/copies/{catalogued}"],
        "teacher.add_source": ["/teach/sources/new"],
        "teacher.change_panel": [f"{one}/about"],
        "teacher.change_parts": [f"{one}/passages"],
        "teacher.edit_panel": [f"{one}/about"],
        "teacher.edit_parts": [f"{one}/passages"],
        "teacher.export_sources": ["/teach/sources.csv"],
        "teacher.give_source_text": [f"{one}/text"],
        "teacher.make_source_ready": [f"{one}/ready"],
        "teacher.new_source": ["/teach/sources/new"],
        "teacher.new_source_text": [f"{one}/text"],
        "teacher.retire_source": [f"{one}/retire"],
        "teacher.show_source": [one],
        "teacher.show_sources": ["/teach/sources"],
    }


def of_classes(at: Places) -> dict[str, list[str]]:
    """Those of a teacher's classes and of what is set to them."""
    a_class, an_assignment = f"/teach/classes/{at.school_class}", f"/teach/assignments/{at.assignment}"
    a_student, a_seat = f"{a_class}/students/{at.student}", f"{an_assignment}/students/{at.student}"
    return {
        "teacher.add_teacher": [f"{a_class}/teachers"],
        "teacher.archive_class": [f"{a_class}/archive"],
        "teacher.bring_back_student": [f"{a_student}/bring-back"],
        "teacher.change_code": [f"{a_class}/code"],
        "teacher.class_evening": [f"{a_class}/parents-evening"],
        "teacher.class_settings": [f"{a_class}/settings"],
        "teacher.confirm_roster": [f"{a_class}/roster/confirm"],
        "teacher.delete_group": [f"{a_class}/groups/{at.group}/delete"],
        "teacher.delete_student": [f"{a_student}/delete"],
        "teacher.edit_assignment": [f"{an_assignment}/edit"],
        "teacher.edit_group": [f"{a_class}/groups/{at.group}"],
        "teacher.export_assignment": [f"{an_assignment}/students.csv"],
        "teacher.export_class_evening": [f"{a_class}/parents-evening.{one}" for one in ("csv", "xlsx")],
        "teacher.export_class_progress": [f"{a_class}/progress.csv"],
        "teacher.export_class_workbook": [f"{a_class}/progress.xlsx"],
        "teacher.export_student_evening": [f"{a_student}/parents-evening.{one}" for one in ("csv", "xlsx")],
        "teacher.export_student_progress": [f"{a_student}/progress.csv"],
        "teacher.export_student_workbook": [f"{a_student}/progress.xlsx"],
        "teacher.export_students": [f"{a_class}/students.csv"],
        "teacher.choose_grading": [f"{a_class}/grading"],
        "teacher.excuse_student": [f"{a_seat}/excuse"],
        "teacher.extend_attempt": [f"{a_seat}{at.running or NOBODYS}/extend"],
        "teacher.keep_student": [f"{a_student}/keep"],
        "teacher.new_assignment": [f"{a_class}/assign"],
        "teacher.new_class": ["/teach/classes/new"],
        "teacher.new_slips": [f"{a_class}/slips"],
        "teacher.remove_student": [f"{a_student}/remove"],
        "teacher.remove_teacher": [f"{a_class}/teachers/{at.student}/remove"],
        "teacher.reopen_attempt": [f"{a_seat}{at.finished or NOBODYS}/reopen"],
        "teacher.roster_page": [f"{a_class}/roster"],
        "teacher.roster_template": ["/teach/classes/template.csv"],
        "teacher.show_assignment": [an_assignment],
        "teacher.show_class": [a_class],
        "teacher.show_class_progress": [f"{a_class}/progress"],
        "teacher.show_classes": ["/teach/classes"],
        "teacher.show_code": [f"{a_class}/code"],
        "teacher.show_groups": [f"{a_class}/groups"],
        "teacher.show_seat": [a_seat],
        "teacher.show_student": [a_student],
        "teacher.show_student_progress": [f"{a_student}/progress"],
        "teacher.student_evening": [f"{a_student}/parents-evening"],
        "teacher.withdraw_assignment": [f"{an_assignment}/withdraw"],
    }


def of_marking(at: Places) -> dict[str, list[str]]:
    """Those of marking by a person."""
    a_question = f"/teach/marking/{at.reasoned}"
    an_accepted = f"/teach/questions/{at.typed}/answers/{at.typed_in}/{at.accepted}"
    return {
        "teacher.accept_answer": [f"/teach/questions/{at.typed}/answers"],
        "teacher.apply_accepted": [an_accepted],
        "teacher.export_answers": [f"/teach/questions/{at.typed}/answers.csv"],
        "teacher.export_quiz_answers": [f"/teach/quizzes/{at.typed_in}/answers.csv"],
        "teacher.show_accepted": [an_accepted],
        "teacher.show_answers": [f"/teach/questions/{at.typed}/answers"],
        "teacher.show_quiz_answers": [f"/teach/quizzes/{at.typed_in}/answers"],
        "teacher.withdraw_accepted": [f"{an_accepted}/withdraw"],
        "teacher.export_marking": ["/teach/marking.csv"],
        "teacher.give_points": [f"{a_question}{(at.finished or NOBODYS).removeprefix('/attempts')}/1"],
        "teacher.mark_question": [a_question],
        "teacher.show_marking": ["/teach/marking"],
    }


def of_gradebook(at: Places) -> dict[str, list[str]]:
    """The tables of marks, and an attempt as its teacher sees it."""
    book = f"/teach/classes/{at.school_class}/gradebook"
    seen = f"/teach{at.marked or at.finished or NOBODYS}"
    return {
        "teacher.choose_gradebook": ["/teach/gradebook"],
        "teacher.export_classes": ["/teach/gradebook.csv", "/teach/gradebook.xlsx"],
        "teacher.export_gradebook": [f"{book}.csv", f"{book}.xlsx?by=skill"],
        "teacher.export_question_marks": [f"{book}/a{at.assignment}.csv"],
        "teacher.mark_by_hand": [f"{seen}/marks/1"],
        "teacher.show_attempt": [seen],
        "teacher.show_gradebook": [book, f"{book}?by=skill"],
        "teacher.show_question_marks": [f"{book}/a{at.assignment}"],
        "teacher.take_back_mark": [f"{seen}/marks/1/take-back"],
    }


def of_analysis(at: Places) -> dict[str, list[str]]:
    """The pages of item analysis."""
    a_quiz = f"/teach/analysis/{at.taken or at.quiz or 'none'}"
    return {
        "teacher.choose_analysis": ["/teach/analysis"],
        "teacher.export_analyses": ["/teach/analysis.csv"],
        "teacher.export_analysis": [f"{a_quiz}/tables.csv"],
        "teacher.export_workbook": [f"{a_quiz}/workbook.xlsx"],
        "teacher.show_analysis": [a_quiz],
        "teacher.show_question_analysis": [f"{a_quiz}/questions/{at.question}"],
    }


def of_regrades(at: Places) -> dict[str, list[str]]:
    """Marking anew: a dry run, and the regrades that were carried out."""
    one, run = f"/teach/regrade/{at.question}", f"/teach/regrade/runs/{at.regrade}"
    return {
        "teacher.commit_regrade": [one],
        "teacher.export_dry_run": [f"{one}/rows.csv?deed=full_marks"],
        "teacher.export_regrade": [f"{run}.csv"],
        "teacher.export_regrades": ["/teach/regrade/runs.csv"],
        "teacher.regrade": [one, f"{one}?deed=full_marks", f"{one}?deed=drop", f"{one}?show=stays"],
        "teacher.show_regrade": [run],
        "teacher.show_regrades": ["/teach/regrade"],
        "teacher.undo_regrade": [f"{run}/undo"],
    }


def of_quizzes(one: str) -> dict[str, list[str]]:
    """Those of the list of quizzes, and of one of them: built, looked at, printed, shown on the wall."""
    return {
        "teacher.add_questions": [f"{one}/sections/0"],
        "teacher.begin_trial": [f"{one}/trial"],
        "teacher.change_quiz": [f"{one}/edit"],
        "teacher.count_pool": ["/teach/quizzes/pool.json?topic=tides"],
        "teacher.drop_quiz_draft": [f"{one}/drop"],
        "teacher.duplicate_quiz": [f"{one}/duplicate"],
        "teacher.edit_quiz": [f"{one}/edit"],
        "teacher.end_trial": [f"{one}/trial/end"],
        "teacher.export_quizzes": ["/teach/quizzes.csv"],
        "teacher.find_questions": [f"{one}/sections/0"],
        "teacher.new_quiz": ["/teach/quizzes/new"],
        "teacher.preview_quiz": [f"{one}/preview"],
        "teacher.print_quiz": [f"{one}/print", f"{one}/print?part=key&variant=B", f"{one}/print?part=sheet"],
        "teacher.print_quiz_pdf": [f"{one}/print.pdf?part=key"],
        "teacher.project_quiz": [f"{one}/wall", f"{one}/wall?reveal=1&c0=3"],
        "teacher.restore_quiz": [f"{one}/history"],
        "teacher.set_quiz": [f"{one}/assign"],
        "teacher.show_quiz_history": [f"{one}/history"],
        "teacher.show_quizzes": ["/teach/quizzes"],
        "teacher.try_question": [f"{one}/preview"],
        "teacher.withdraw_quiz": [f"{one}/withdraw"],
    }
