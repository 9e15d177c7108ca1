"""From a wrong key through report, mending, dry run and regrade to the student who sees the new mark and why."""

from __future__ import annotations

import re
import uuid

from playwright.sync_api import expect

from quizapp.domain.items import build
from quizapp.domain.items import entry as entry_of
from quizapp.store import users
from tests import classes, real_bank
from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.person import Person
from tests.browser.site import Site
from tests.browser.test_pages import look

TRUE, FALSE = "What the passage says", "What it does not say"
WHY = "The key was wrong: the passage says the other."


def put(site: Site, name: str) -> str:
    """A question of this name whose key is the false option, and a test of it; the test's id."""
    with site.session() as session:
        found = real_bank.items(session).values()
        like = next(item for item in found if item.type == "single_choice" and not item.needs_text and not item.show)
        options = [
            {"id": "true", "text": TRUE, "feedback": "Look again."},
            {"id": "false", "text": FALSE, "correct": True, "feedback": "So it is."},
        ]
        entry = {**entry_of(like), "id": name, "stem": f"Which is right, of {name}?", "options": options}
        real_bank.put_item(session, build(entry))
    return site.put_quiz(id=f"a-{name}", title=f"A {name}", mode="test", sections=[{"items": [name]}])


def answer(student: Person, quiz: str, text: str) -> None:
    """Take the test and give this answer."""
    student.start(quiz)
    student.form.get_by_label(text).check()
    student.is_saved()
    student.at("summary")
    student.press(re.compile("^Submit|Hand"))
    student.is_at("/result$")


def report(student: Person) -> None:
    student.follow("Report a problem")
    student.main.get_by_role("radio").first.check()
    student.page.get_by_label("What is wrong").fill("The passage says the other.")
    student.press("Send to the teachers")
    student.sees("Waits for a teacher")


def mend(teacher: Person, name: str) -> None:
    """From the report into the editor, and the key to the other option."""
    teacher.go(f"/teach/reports?q={name}")
    teacher.follow(f"Which is right, of {name}?")
    teacher.press("Accept, and change the question")
    teacher.is_at(f"/teach/questions/{name}/edit$")
    page = teacher.page
    page.locator("#options-0-correct").check()
    page.locator("#options-1-correct").uncheck()
    teacher.press("Make it ready")
    teacher.is_at(f"/teach/questions/{name}$")


def sees_the_correction(ann: Person, name: str) -> None:
    """From the note on the home page to the new mark and why."""
    ann.go("/")
    ann.sees(f"A question of “A {name}” was marked anew")
    ann.go(f"{ann.attempt}/result")
    ann.sees("question 1 (from 0 to 1)")
    for words in (WHY, f"The right answer now: {TRUE}", "Below is the question as you had it"):
        expect(ann.page.locator(".correction")).to_contain_text(words)
    ann.sees("1 of 1")
    look(ann.page)


def test_from_a_wrong_key_to_the_student_who_sees_the_new_mark_and_why(somebody: Somebody, site: Site):
    teacher, ann, ben = somebody(device=DESKTOP), somebody(), somebody(javascript=False)
    people = [one.sign_up() for one in (teacher, ann, ben)]
    site.make(people[0], "teacher")
    with site.session() as session:
        found = [users.by_key(session, name) for name in people]
        who, *students = [user.id for user in found if user is not None]
        classes.a_class(session, who, *students)
    name = f"wrong-key-{uuid.uuid4().hex[:6]}"
    quiz = put(site, name)
    answer(ann, quiz, TRUE)
    ann.sees("0 of 1")
    report(ann)
    ben.start(quiz)
    ben.form.get_by_label(FALSE).check()
    ben.at("summary")

    mend(teacher, name)
    teacher.press_on("Regrade 1 attempt")
    teacher.sees("1 mark of 1 student would move: 1 up")
    teacher.sees("1 attempt is still open: it keeps its version, and is not touched")
    teacher.page.get_by_label("Why?").fill(WHY)
    look(teacher.page)
    teacher.press("Regrade this one")
    teacher.is_at(r"/teach/regrade/runs/\d+$")
    expect(teacher.page.get_by_role("row", name=re.compile(people[1]))).to_contain_text(re.compile(r"0 →\s*to\s*1"))

    sees_the_correction(ann, name)
