"""Item analysis from sittings on a real database: what is planted is found; whose attempts count; few queries."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.domain.items import build
from quizapp.services import analysis, reading, simulation, taking, transactions
from quizapp.services.analysis import questions, sheets, tables
from quizapp.services.analysis.whole import _table as table_of_model
from quizapp.services.errors import NotFound
from quizapp.services.gradebook.seeing import those_seen_by
from quizapp.services.people import Person
from quizapp.services.simulation import Simulated
from quizapp.store import classes
from quizapp.store.analysis import Sat, SatSlot
from quizapp.store.tables import Attempt
from tests import classes as of_classes
from tests import small_bank
from tests.databases import count_queries
from tests.small_bank import NOON

STUDENTS = 40
QUESTIONS = 10
TEST = small_bank.a_test(sections=[{"items": [f"choice-{n}" for n in range(1, QUESTIONS + 1)]}], time_limit=None)
ADMIN = Person(10**6, "admin", "admin", 0)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context():
        small_bank.publish(transactions.session(), items=QUESTIONS, quizzes=(TEST, small_bank.a_quiz()))
        yield transactions.session()


def sit(session: Session, user: int, choices: str, minutes: int = 0, quiz: str = "harbour-test") -> None:
    """Hand in a test with these options chosen, in the order of the questions; «a» is the key, «-» is a blank."""
    now = NOON + timedelta(minutes=minutes)
    attempt = simulation.begin(session, quiz, Simulated(user), f"{user} {minutes}", now)
    for slot in attempt.slots:
        now += timedelta(seconds=20)
        taking.mark_shown(session, [taking.Look(attempt.id, slot.number, user, now)])
        choice = choices[int(slot.item.removeprefix("choice-")) - 1]
        if choice != "-":
            form = {"answer": [str(slot.order.index("abc".index(choice)))]}
            sent = taking.Sent(attempt.id, slot.number, form, user_id=user, epoch=0, fresh=f"{slot.number}")
            now += timedelta(seconds=10 * slot.number)
            taking.respond(session, sent, now=now)
    taking.submit(session, attempt.id, user_id=user, now=now)
    session.commit()


def whole(session: Session, who: Person = ADMIN, which: str = "first", group: str = "") -> analysis.Analysis:
    return analysis.analyse(session, "harbour-test", analysis.choose(session, who, which, group))


def said(found: analysis.Analysis, item: str) -> list[str]:
    return [one.says for one in found.of_item(item)[0].findings]


def planted(n: int) -> str:
    """The n-th of forty, from weak to strong: the strong choose «b» in question 3, nobody chooses «c» in question 4."""
    able = n / STUDENTS
    usual = ["a" if (able + 0.37 * k + 0.11 * n * k) % 1 < 0.15 + 0.8 * able else "bc"[(n + k) % 2] for k in range(10)]
    usual[2] = "b" if n >= 20 else "ac"[n % 2]
    usual[3] = "a" if able > 0.3 else "b"
    return "".join(usual)


def test_a_planted_bad_key_a_dead_distractor_and_a_guessing_student_are_named(session: Session):
    for n in range(STUDENTS):
        sit(session, small_bank.a_user(session, f"student-{n}"), planted(n))
    guesser = small_bank.a_user(session, "guy")
    sit(session, guesser, "bcabcbcbca")
    found = whole(session)
    assert found.figures.attempts == STUDENTS + 1
    letter = "ABC"[[one.label for one in found.of_item("choice-3")[0].options].index("Lure 3")]
    assert said(found, "choice-3") == [f"The strongest students choose {letter}: is the key right?"]
    dead = "ABC"[[one.label for one in found.of_item("choice-4")[0].options].index("Decoy 4")]
    assert said(found, "choice-4") == [f"Nobody chooses {dead}"]
    [guessed] = [one for one in found.findings if one.says == "guy may have guessed"]
    attempt = session.scalars(select(Attempt.id).where(Attempt.user_id == guesser)).one()
    assert guessed.attempt == str(attempt)
    stranger, tess = (small_bank.a_user(session, name, "teacher") for name in ("otto", "tess"))
    of_classes.a_class(session, tess, guesser)
    assert those_seen_by(session, [attempt], tess) == {attempt}
    assert those_seen_by(session, [attempt], stranger) == set()


def test_figures_are_those_of_numpy(session: Session):
    chosen = [planted(n) for n in range(20)]
    for n, choices in enumerate(chosen):
        sit(session, small_bank.a_user(session, f"student-{n}"), choices)
    found = whole(session)
    marks = np.array([[one == "a" for one in choices] for choices in chosen], dtype=float)
    assert found.figures.mean == pytest.approx(marks.mean())
    for k in range(QUESTIONS):
        [line] = found.of_item(f"choice-{k + 1}")
        rest = np.delete(marks, k, axis=1).sum(axis=1)
        assert line.figures.facility == pytest.approx(marks[:, k].mean())
        if np.ptp(marks[:, k]):
            assert line.figures.discrimination == pytest.approx(np.corrcoef(marks[:, k], rest)[0, 1], abs=1e-9)
        counts = {one.label.split()[0]: one.chosen for one in line.options}
        assert [counts[word] for word in ("Key", "Lure", "Decoy")] == [
            sum(choices[k] == letter for choices in chosen) for letter in "abc"
        ]
    matrix = np.cov(marks.T)
    alpha = QUESTIONS / (QUESTIONS - 1) * (1 - np.trace(matrix) / matrix.sum())
    assert found.figures.consistency == pytest.approx(alpha)
    assert sum(one.weight or 0 for one in found.questions) == pytest.approx(1)
    assert found.model is None  # too few


def test_which_attempt_counts_is_chosen(session: Session):
    ann = small_bank.a_user(session, "ann")
    sit(session, ann, "a" * 5 + "b" * 5)
    sit(session, ann, "a" * 9 + "b", minutes=60)
    means = {which: whole(session, which=which).figures.mean for which in analysis.COUNTING}
    assert means == {"first": 0.5, "last": 0.9, "best": 0.9, "all": pytest.approx(0.7)}
    assert whole(session).figures.attempts == 1
    assert whole(session, which="all").figures.attempts == 2
    assert whole(session).findings[0].says == "1 attempt: too few to say"


def test_a_teacher_sees_own_classes_and_whoever_is_in_none(session: Session):
    mine, other = of_classes.a_teacher(session), of_classes.a_teacher(session, "theo")
    ann, bob, zoe = (small_bank.a_user(session, name) for name in ("ann", "bob", "zoe"))
    own_class = of_classes.a_class(session, mine, ann)
    others = of_classes.a_class(session, other, bob, name="Another")
    for user in (ann, bob, zoe, mine):
        sit(session, user, "a" * 10)
    tess = Person(mine, "tess", "teacher", 0)
    assert whole(session, tess).students == 2  # ann and zoe: not bob, and not her own trial
    assert whole(session, tess, group=str(own_class.id)).students == 1
    assert whole(session, tess, group=str(others.id)).choice.group.id == ""  # not hers: as if not asked for
    assert whole(session).students == 3
    classes.put(session, others.id, ann, "student", NOON)
    assert whole(session, tess).students == 2  # in a class of hers too


def test_readers_and_the_misled_are_told_apart(session: Session):
    for n in range(12):
        user = small_bank.a_user(session, f"student-{n}")
        if n < 6:  # reads while sitting: the sitting begins at noon, and 20 s later the first question is shown
            reading.record_opening(session, "almanac/harbours", user_id=user, now=NOON + timedelta(seconds=5))
        sit(session, user, ("b" if n < 3 else "a") + "a" * 9)
        reading.record_opening(session, "almanac/harbours", user_id=user, now=NOON + timedelta(hours=2))
    [line] = whole(session).passages
    assert (line.questions, line.answers, line.missed) == (10, 120, 3)
    assert (line.before, line.after, line.misread) == (60, 120, 3)
    assert not line.asked_how_sure


def test_time_and_blanks(session: Session):
    for n in range(3):
        sit(session, small_bank.a_user(session, f"student-{n}"), "aaaaaaaaa-")
    found = whole(session)
    assert found.of_item("choice-10")[0].blank == 3
    # 10 s for each place in the quiz from its showing to its answer, and 20 s until the next one is shown
    assert found.of_item("choice-1")[0].seconds is not None
    assert {one.seconds for one in found.questions if one.blank == 0} <= {10.0 * n + 20 for n in range(1, 11)}


def test_queries_do_not_grow_with_attempts(session: Session):
    def queries() -> int:
        session.expire_all()
        with count_queries(store.db.engine) as statements:
            whole(session)
        return len(statements)

    sit(session, small_bank.a_user(session, "student-0"), planted(0))
    whole(session)  # items are built once
    few = queries()
    for n in range(1, 14):
        sit(session, small_bank.a_user(session, f"student-{n}"), planted(n))
    assert queries() == few <= 10


def test_nobody_has_sat_it(session: Session):
    found = whole(session)
    assert found.questions == found.passages == ()
    assert found.figures.mean is None
    with pytest.raises(NotFound):
        found.of_item("choice-1")
    with pytest.raises(NotFound):
        analysis.analyse(session, "no-such-quiz", analysis.choose(session, ADMIN, "first", ""))


def test_exports_hold_the_figures_and_no_formulas(session: Session):
    for n in range(16):
        sit(session, small_bank.a_user(session, f"=student-{n}"), planted(n))
    found = whole(session)
    book = openpyxl.load_workbook(io.BytesIO(tables.workbook(found)))
    assert book.sheetnames == ["Questions", "Options", "What was written most", "Passages", "The quiz as a whole",
                               "How the marks are spread", "What the quiz tells", "What the columns mean"]  # fmt: skip
    rows: list[Any] = list(book["Questions"].values)
    assert len(rows) == QUESTIONS + 1
    facility = rows[0].index("Right")
    assert [row[facility] for row in rows[1:]] == [
        pytest.approx(one.figures.facility, abs=1e-4) for one in found.questions
    ]
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    for table in tables.TABLES.values():
        assert len(table.csv(found).splitlines()) == len(table.cells(found)) + 1
        for column in (*table.columns, *table.more):
            for direction in ("", "-"):
                table.sorted_rows(found, direction + column.name)


def test_made_up_students_are_the_same_again_and_the_able_do_better(session: Session):
    marks = []
    for n in range(12):
        one = Simulated(small_bank.a_user(session, f"student-{n}"), ability=(n - 6) / 3)
        attempt = simulation.begin(session, "harbour-test", one, f"seed {n}", NOON)
        marks.append(simulation.sit(session, attempt, one, seed=f"seed {n}", now=NOON).mark)
    assert np.corrcoef(range(12), [float(mark or 0) for mark in marks])[0, 1] > 0.5
    again = Simulated(small_bank.a_user(session, "again"), ability=1.0)
    repeated = simulation.begin(session, "harbours", again, "other", NOON)
    assert len(repeated.slots) == 5


def test_the_model_gets_right_from_half_the_mark_on_and_nothing_for_what_was_not_set():
    items = {f"digest-{n}": build(small_bank.a_choice(n)) for n in range(1, 5)}
    wanted = [questions.asked(item) for item in items.values()]

    def sheet(left_out: int, fraction: str) -> sheets.Sheet:
        one = Sat(uuid.uuid4(), 1, 1, NOON, NOON, Decimal(1), Decimal(3))
        slots = tuple(
            SatSlot(one.id, n, 0, f"choice-{n}", f"digest-{n}", Decimal(1), None, Decimal(fraction), Decimal(fraction))
            for n in range(1, 5)
            if n != left_out
        )
        return sheets.Sheet(one, slots, {})

    read = [sheet(4, "0.5"), sheet(1, "0.4")] * 100
    table = table_of_model(read, items, wanted)
    assert table[:2] == [[1, 1, 1, None], [None, 0, 0, 0]]
    assert table_of_model(read[:199], items, wanted) == []
    columns = sheets.columns(read)  # two questions that all were set, and the third that was drawn
    assert columns is not None
    assert set(columns) == {"choice-2", "choice-3", (0, 0)}
    assert columns[0, 0][:2] == [0.5, 0.4]
