"""A class whose scores are exported in tests: names that look like formulas, one who left, one who never began; and
others whose scores must not be there: another teacher's class, somebody in no class, the teacher's own trial.
"""

from __future__ import annotations

import csv
import io
import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from quizapp.formats.sheets.csv_sheet import unguarded
from quizapp.services import scores, taking
from quizapp.services.people import Person
from quizapp.services.scores import Wanted
from quizapp.store import classes as store_classes
from quizapp.store import users
from quizapp.store.tables import Attempt
from tests import classes, small_bank
from tests.classes import NOON

PEOPLE = {
    "ann": ("=1+1", "-Ann", "007"), "bob": ("Béla", "Łuczak", None), "idle": ("@Ida", "+Idle", "8"),
    "gone": ("Gus", "Gone", "9"),
}  # fmt: skip
DAY = timedelta(days=1)


class ScoreStage:
    """Everybody, and what they did; the harbour test is due at noon, and costs a tenth for each day begun after."""

    def __init__(self, session: Session) -> None:
        self.session = session
        free = small_bank.a_quiz(id="free", title="=Free practice (1917)")
        small_bank.publish(session, quizzes=(small_bank.a_quiz(), small_bank.a_test(), free))
        self.tess, self.theo = classes.a_teacher(session), classes.a_teacher(session, "theo")
        self.ids = {name: small_bank.a_user(session, name) for name in (*PEOPLE, "other", "loner")}
        for name, (given, family, number) in PEOPLE.items():
            user = users.by_id(session, self.ids[name])
            assert user is not None
            user.given_name, user.family_name, user.student_number = given, family, number
        self.nine = classes.a_class(session, self.tess, *(self.ids[name] for name in PEOPLE))
        self.other = classes.a_class(session, self.theo, self.ids["other"], name="Theo’s class")
        policy = {"late_policy": "percent", "percent_a_day": 10}
        self.set = classes.an_assignment(session, self.nine, self.tess, due=NOON + timedelta(hours=1), **policy)
        elsewhere = classes.an_assignment(session, self.other, self.theo)
        self.first = self.sit("ann", 2)
        self.second = self.sit("ann", 4, NOON + DAY)  # late: 4 − 10 %
        self.sit("gone", 5)
        self.sit("other", 1, set_to=elsewhere)
        self.running = classes.begin(session, self.set, self.ids["bob"])
        classes.answer_rightly(session, self.running, 1)
        self.practise("ann")
        self.practise("loner")
        self.practise("tess")
        place = store_classes.membership(session, self.nine.id, self.ids["gone"])
        assert place is not None
        place.removed_at = NOON
        session.commit()

    def sit(self, name: str, right: int, now: Any = NOON, set_to: Any = None) -> Attempt:
        """So many of five answered rightly, the others not at all."""
        attempt = classes.begin(self.session, set_to or self.set, self.ids[name], now)
        for number in range(1, right + 1):
            classes.answer_rightly(self.session, attempt, number, now)
        return classes.submit(self.session, attempt, now)

    def practise(self, name: str) -> None:
        """A quiz that nobody set."""
        user_id = self.ids.get(name, self.tess)
        taking.start(self.session, "free", user_id=user_id, attempt_id=uuid.uuid4(), seed="x", now=NOON)
        self.session.commit()

    def person(self, name: str, role: str = "teacher") -> Person:
        """Who asks."""
        return Person(id={"tess": self.tess, "theo": self.theo}.get(name, 0), username=name, role=role, epoch=0)  # type: ignore[arg-type]

    def export(self, who: str | None = "tess", **wanted: Any) -> bytes:
        """The file that this teacher, an administrator («admin») or a command (None) gets."""
        asking = None if who is None else self.person(who, "admin" if who == "admin" else "teacher")
        given = {"format": "csv", "rows": "attempts", **wanted}
        given["parts"] = frozenset(given.get("parts", ()))
        made = scores.export(self.session, asking, Wanted(**given), now=NOON + 2 * DAY)
        return b"".join(made.chunks(self.session))

    def rows(self, who: str | None = "tess", **wanted: Any) -> list[dict[str, str]]:
        """The CSV file's rows by their heads."""
        style = scores.style("UTC", mark=False, short_heads=wanted.pop("short_heads", True))
        text = self.export(who, style=style, **wanted).decode()
        return [
            {name: unguarded(value) for name, value in row.items()}
            for row in csv.DictReader(io.StringIO(text, newline=""))
        ]
