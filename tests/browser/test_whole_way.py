"""The whole way without a mouse: a question of each type, a file, a quiz, a class, three students, a challenged key."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from playwright.sync_api import expect

from quizapp.domain.items import ITEM_TYPES, build
from tests.browser.conftest import DESKTOP, Somebody
from tests.browser.editor import an_example, proof, stands, type_into, write_question
from tests.browser.keyboard import answer, button, has_no_mouse, link, press, write
from tests.browser.person import PASSWORD, Person
from tests.browser.site import Site
from tests.browser.test_pages import look

QUESTIONS = len(ITEM_TYPES) + 2  # one of each type is written, two are imported
KEY, TRUE = "A pardon by the Tsar", "Strikes all over the country"
SAID = "The passage speaks of strikes, and of no pardon."
WHY = "The key was wrong: strikes made it possible."


@dataclass(frozen=True)
class Names:
    """What is made on the way has names of its own, so that a second try finds the place empty."""

    mark: str

    @property
    def title(self) -> str:
        """Of the quiz and of the class."""
        return f"October {self.mark}"

    @property
    def disputed(self) -> str:
        """The stem of the question whose key is wrong."""
        return f"What let him come back in October 1905? ({self.mark})"

    @property
    def file(self) -> str:
        """Four questions, of which two cannot come in: the third has no key, the fourth is of a type that is none."""
        evidence = '    evidence: [{passage: heritage/return-october-1905, quote: "by these strikes"}]\n'
        common = "    difficulty: 1\n    skill: recall\n    explanation: World Heritage tells of strikes.\n" + evidence
        options = "    options:\n      - {{id: a, text: {}{}}}\n      - {{id: b, text: {}, feedback: Look again.}}\n"
        wrong_key = options.format(KEY, ", correct: true", TRUE)
        right_key = options.format("October", ", correct: true", "May")
        no_key = options.format("Finland", ", feedback: Look again.", "Kiev")
        return "topic: revolution-of-1905\ntitle: The revolution of 1905\nitems:\n" + "".join(
            f"  - id: {name}-{self.mark}\n    type: {kind}\n    stem: {stem}\n{common}{rest}"
            for name, kind, stem, rest in (
                ("disputed", "single_choice", self.disputed, wrong_key),
                ("month", "single_choice", f"In which month of 1905 was that? ({self.mark})", right_key),
                ("keyless", "single_choice", "From where did he come?", no_key),
                ("essay", "essay", "Tell the story of his return.", ""),
            )
        )

    def line(self, name: str) -> int:
        """Where in the file the question of this name begins."""
        return self.file[: self.file.index(f"id: {name}")].count("\n") + 1

    @property
    def students(self) -> str:
        """Three students, of whom the first has double time."""
        people = (("Ida", "double"), ("Ben", ""), ("Cleo", ""))
        rows = "".join(f"Adler{self.mark},{given},{time}\n" for given, time in people)
        return f"Family name,Given name,Time\n{rows}"


def test_the_whole_way_without_a_mouse(somebody: Somebody, site: Site):
    names = Names(uuid.uuid4().hex[:6])
    teacher, *students = (has_no_mouse(somebody(device=DESKTOP)) for _ in range(4))
    begins_to_teach(teacher, site, f"teacher{names.mark}")
    for kind in ITEM_TYPES:
        writes(teacher, site, kind, names)
    imports(teacher, names)
    builds_quiz(teacher, names)
    slips = makes_class(teacher, names)
    sets_quiz(teacher, names)
    for student, (username, password), choice in zip(students, slips, (TRUE, KEY, TRUE), strict=True):
        signs_in_with_slip(student, username, password)
        minutes = 40 if student is students[0] else 20
        takes(student, names, choice, minutes)
    ida = students[0]
    number = challenges(ida)
    accepts_and_mends(teacher, names)
    regrades(teacher)
    sees_the_new_mark(ida, names, number)


def begins_to_teach(teacher: Person, site: Site, username: str) -> None:
    """An account that is made a teacher's by who runs the site; then in by the front door."""
    teacher.go("/sign-up")
    write(teacher, {"Username": username, "Password": PASSWORD, "Password again": PASSWORD})
    press(button(teacher, "Sign up"))
    teacher.sees("Welcome")
    site.make(username, "teacher")
    teacher.page.context.clear_cookies()
    signs_in(teacher, username, PASSWORD)
    teacher.is_at("/$")
    teacher.go("/teach/")
    teacher.sees("Your first steps")


def signs_in(person: Person, username: str, password: str) -> None:
    person.go("/sign-in")
    write(person, {"Username": username, "Password": password})
    press(button(person, "Sign in"))


def writes(teacher: Person, site: Site, kind: str, names: Names) -> None:
    """A question of the type as the bank has one, with the same evidence for what is right and for what is wrong."""
    example = an_example(site, kind)
    entry = {**example, "stem": f"{example['stem']} ({names.mark})"}
    made = stands(site, write_question(teacher, entry))
    assert made["stem"] == entry["stem"]
    assert proof(made) == proof(entry), kind
    assert build(made).key_evidence(), kind


def imports(teacher: Person, names: Names) -> None:
    """The two that are whole come in; the two others are named with their lines."""
    teacher.go("/teach/")
    press(link(teacher, re.compile("^Import$")))
    file = {"name": "october.yaml", "mimeType": "application/yaml", "buffer": names.file.encode()}
    teacher.page.get_by_label("File").set_input_files(file)  # the dialogue is the system's own
    press(button(teacher, "Look at it first"))
    teacher.sees("Dry run: october.yaml")
    for words in ("2 new", "2 cannot come in", f"line {names.line('keyless')}", f"line {names.line('essay')}"):
        teacher.sees(words)
    look(teacher.page)
    press(teacher.main.get_by_role("radio", name="Ready for students"), "Space")
    press(button(teacher, "Import these"))
    teacher.sees("Imported: 2 questions ready for students")


def builds_quiz(teacher: Person, names: Names) -> None:
    """A test of all that was written and imported, for classes alone, of 20 minutes."""
    teacher.go("/teach/")
    press(link(teacher, re.compile("^Quizzes$")))
    press(button(teacher, "New quiz"))
    teacher.is_at("/edit$")
    write(teacher, {"Title": names.title})
    press(button(teacher, "Add questions"))
    teacher.is_at(r"/sections/0$")
    write(teacher, {"Words in the question": names.mark})
    press(button(teacher, "Find"))
    teacher.sees(f"{QUESTIONS} questions fit.")
    boxes = teacher.main.locator('input[name="item"]')
    expect(boxes).to_have_count(QUESTIONS)
    for at in range(QUESTIONS):
        press(boxes.nth(at), "Space")
    press(button(teacher, "Add those ticked"))
    teacher.sees(f"{QUESTIONS} questions added.")
    press(teacher.main.get_by_role("radio", name="Test:"), "Space")
    press(teacher.main.get_by_role("radio", name="Classes alone:"), "Space")
    press(teacher.main.locator("summary", has_text="Time, attempts and marks"))
    write(teacher, {"Time limit": "20 min"})
    look(teacher.page)
    press(button(teacher, "Save and publish"))
    teacher.sees("Saved. New attempts get this version")


def makes_class(teacher: Person, names: Names) -> list[tuple[str, str]]:
    """Username and one-time password of each student, as they stand on the slips."""
    teacher.go("/teach/")
    press(link(teacher, re.compile("^Classes$")))
    press(link(teacher, "Make a class"))
    write(teacher, {"Name of the class": names.title})
    press(button(teacher, "Make the class"))
    press(link(teacher, "Add from a list"))
    file = {"name": "students.csv", "mimeType": "text/csv", "buffer": names.students.encode()}
    teacher.page.get_by_label("File (.csv or .xlsx)").set_input_files(file)
    press(button(teacher, "Look at the list"))
    teacher.sees("3 students are new")
    press(button(teacher, "Add 3 students"))
    teacher.sees(f"3 slips for {names.title}")
    words = {}
    for given in ("Ida", "Ben", "Cleo"):
        slip = teacher.page.locator(".slip", has_text=f"{given} Adler{names.mark}").locator(".slip-word")
        expect(slip).to_have_count(2)
        words[slip.first.inner_text()] = slip.last.inner_text()
    press(link(teacher, "I have printed them"))
    expect(teacher.page.get_by_role("row", name=re.compile(", Ida"))).to_contain_text("200% of the time")
    return list(words.items())


def sets_quiz(teacher: Person, names: Names) -> None:
    """To the whole class, due tomorrow."""
    press(link(teacher, "Set a quiz"))
    quiz, due = (teacher.page.get_by_label(label, exact=True) for label in ("Quiz", "Due"))
    quiz.focus()
    quiz.select_option(label=names.title)  # as typing its first letters does
    due.fill(teacher.page.evaluate("new Date(Date.now() + 86400000).toISOString().slice(0, 10)"))
    press(button(teacher, "Set the quiz"))
    teacher.sees("0 of 3 handed in")


def signs_in_with_slip(student: Person, username: str, password: str) -> None:
    signs_in(student, username, password)
    student.sees("The password on your slip was for this one time")
    write(student, {"Your password": PASSWORD, "Your password again": PASSWORD})
    press(button(student, "Keep this password"))
    student.sees("Your password is kept")


def takes(student: Person, names: Names, choice: str, minutes: int) -> None:
    """From the front page to the result; the disputed question gets this choice, the others some answer."""
    student.go("/")
    student.sees(f"Due: {names.title}")
    press(link(student, "To the quiz"))
    student.is_at(r"/assignments/\d+$")  # the front page has a «Start» of its own, of another quiz
    press(button(student, "Start"))
    student.is_at(r"/attempts/.+/1$")
    student.attempt = student.page.url.rpartition("/")[0]
    left = student.page.locator("[data-seconds-left]").get_attribute("data-seconds-left")
    assert 60 * (minutes - 5) < int(left or 0) <= 60 * minutes
    for number in range(1, QUESTIONS + 1):
        student.is_at(f"/{number}$")
        student.page.wait_for_load_state()
        expect(student.form).to_be_visible()
        if names.disputed in student.main.inner_text():
            press(student.form.get_by_label(choice), "Space")
            student.is_saved()
        else:
            answer(student)
        press(button(student, "Next" if number < QUESTIONS else "Look over and submit"))
    student.is_at("/summary$")
    press(button(student, "Submit"))
    student.is_at("/result$")


def challenges(student: Person) -> str:
    """The key of the disputed question, with a passage; the question's number."""
    review = student.page.locator(".result-line", has_text=TRUE)
    number = (review.get_attribute("id") or "").removeprefix("question-")
    press(review.get_by_role("link", name="Challenge the answer"))
    student.is_at("/challenge$")
    write(student, {"Search the passages": "strikes"})
    press(student.page.locator("#search"))
    press(student.page.locator(".hit").first)
    expect(student.page.locator(".picker")).to_be_focused()
    student.page.locator("#comment").focus()
    student.page.keyboard.insert_text(SAID)
    look(student.page)
    press(button(student, "Send the challenge"))
    student.is_at(r"/reports#report-\d+$")
    student.sees("Waits for a teacher")
    return number


def accepts_and_mends(teacher: Person, names: Names) -> None:
    """From «waiting for you» into the editor, and the key to the other option."""
    teacher.go("/teach/")
    press(link(teacher, "Read them"))
    press(link(teacher, names.disputed))
    teacher.sees(SAID)
    press(button(teacher, "Accept, and change the question"))
    teacher.is_at(f"/teach/questions/disputed-{names.mark}/edit$")
    expect(teacher.page.locator("#reported")).to_contain_text(SAID)
    type_into(teacher.page, "options-0-correct", False)
    type_into(teacher.page, "options-0-feedback", "No passage speaks of a pardon.")
    type_into(teacher.page, "options-1-correct", True)
    type_into(teacher.page, "options-1-feedback", "So it is.")
    press(button(teacher, "Make it ready"))
    teacher.is_at(f"/teach/questions/disputed-{names.mark}$")


def regrades(teacher: Person) -> None:
    """First dry: two of the three gain by the mended key, and one loses."""
    press(link(teacher, "try the regrade"))
    teacher.sees("3 marks of 3 students would move: 2 up, 1 down")
    teacher.sees("Nothing is changed yet")
    look(teacher.page)
    teacher.page.locator("#why").focus()
    teacher.page.keyboard.insert_text(WHY)
    press(button(teacher, "Regrade all 3"))
    teacher.is_at(r"/teach/regrade/runs/\d+$")
    for given, move in (("Ida", r"0 →\s*to\s*1"), ("Ben", r"1 →\s*to\s*0")):
        expect(teacher.page.get_by_role("row", name=re.compile(given))).to_contain_text(re.compile(move))


def sees_the_new_mark(student: Person, names: Names, number: str) -> None:
    """From the front page, which tells of both; on the result the new mark and why."""
    student.go("/")
    student.sees("There is news of what you reported")
    student.sees(f"A question of “{names.title}” was marked anew")
    press(link(student, re.compile("^Look at it again$")))
    student.sees(f"question {number} (from 0 to 1)")
    for words in (WHY, f"The right answer now: {TRUE}", "Below is the question as you had it"):
        expect(student.page.locator(".correction")).to_contain_text(words)
    look(student.page)
    student.go("/reports")
    student.sees("Accepted, and changed")
