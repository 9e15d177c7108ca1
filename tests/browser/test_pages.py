"""Every page by axe, in light and dark, on phone and desktop; on narrow screens nothing runs out of sight."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from quizapp.config import ROOT
from quizapp.domain.catalogue_change import passage_shift
from quizapp.domain.exchange import Defaults
from quizapp.domain.items import entry as entry_of
from quizapp.domain.items import item_digest
from quizapp.formats import registry
from quizapp.formats.evidence_lines import Links
from quizapp.services import gallery, importing
from quizapp.services.classes import grouping, own
from quizapp.services.importing import Upload
from quizapp.services.questions import provenance
from quizapp.store.class_tables import SchoolClass
from tests import classes, own_sources, real_bank, regrading, reported, small_bank, to_mark
from tests.browser.conftest import Somebody
from tests.browser.site import Site, identity
from tests.browser.sittings import put_quiz
from tests.web.addresses import Places, addresses, get_rules
from tests.web.sittings import Taker, new_taker

STANDARDS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
PHONE = {"width": 390, "height": 844}
# A phone in light and a desktop in dark: axe takes its time, and size and colours have little to do with each other.
LOOKS = (((390, 844), "light"), ((1280, 900), "dark"))
NARROW = {"width": 320, "height": 640}  # the least that WCAG asks for, which is also 1280 px at 400 %
NO_PAGES = {
    "account.export", "attempts.resume", "operations.healthz", "operations.readyz", "presence.show",
    "progress.export", "progress.export_workbook", "teacher.count_pool", "teacher.export_analysis",
    "teacher.export_answers", "teacher.export_quiz_answers", "teacher.export_assignment", "teacher.export_marking",
    "teacher.export_audit", "teacher.export_class_evening", "teacher.export_class_progress",
    "teacher.export_student_evening", "teacher.export_classes", "teacher.export_gradebook",
    "teacher.export_question_marks", "teacher.export_analyses",
    "teacher.export_class_workbook", "teacher.export_coverage", "teacher.export_questions", "teacher.export_quizzes",
    "teacher.export_problem_reports",
    "teacher.export_report", "teacher.export_scores_file", "teacher.export_sources", "teacher.export_student_progress",
    "teacher.export_student_workbook",
    "teacher.export_students", "teacher.export_workbook", "teacher.import_report", "teacher.import_template",
    "teacher.print_quiz_pdf", "teacher.export_list", "teacher.roster_template",
    "teacher.export_dry_run", "teacher.export_provenance", "teacher.export_regrade", "teacher.export_regrades",
}  # fmt: skip
PAGES = sorted(set(addresses(Places())) - NO_PAGES)
OVERFLOW = """() => {
  const root = document.documentElement, width = root.clientWidth;
  if (root.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > width + 1)
    .slice(0, 5)
    .map((one) => `${one.outerHTML.slice(0, 120)} ends at ${one.getBoundingClientRect().right}`);
}"""


@dataclass(frozen=True)
class Stage:
    """A student who has something of everything, and the places to visit."""

    taker: Taker
    at: Places
    site: Site

    def signed_in(self, context: BrowserContext) -> None:
        """Let a browser be this student's."""
        cookie = self.taker.client.get_cookie("quizapp")
        assert cookie is not None
        context.add_cookies([{"name": "quizapp", "value": cookie.value, "url": self.site.url}])


def set_up(site: Site) -> Stage:
    """One finished test, one practice in which a question is checked and another isn't."""
    ids = site.one_of_each_type()
    site.put_quiz(id="seen", title="Seen", mode="test", time_limit="20 min", sections=[{"items": ids}])
    site.put_quiz(id="being-seen", title="Being seen", sections=[{"items": ids[::-1]}])
    taker = new_taker(site.app, "student")
    for one in (new_taker(site.app, "student"), taker):
        hand_in(site, one, "seen")
    item = next(one for one, _ in site.slots(taker.attempt) if one.evidence[0].quotes)
    finished = taker.attempt
    taker.start("being-seen")
    taker.press("2/check", give_up="1")
    with site.session() as session:
        disputes = real_bank.names(session, "dispute")
    dispute = next(one for one in disputes if taker.get(f"/disputes/{one}/challenge").status_code == 200)
    ref = item.evidence[0].passage
    at = Places(running=taker.attempt, finished=finished, quiz="test", source=ref.split("/")[0], passage=ref)
    seen = f"/sources/{ref}?item={item.id}&version={item_digest(item)}#evidence"
    at = replace(at, taken="seen", question=item.id, reviewed=f"{taker.attempt}/2")
    at = replace(at, dispute=dispute, evidence=seen, batch=a_dry_run(site, taker))
    with site.session() as session:
        at = replace(at, own_source=own_sources.added(session, taker.id))
        questions_to_look_at(session)
    return Stage(taker, with_classes(site, taker, at), site)


def with_classes(site: Site, taker: Taker, at: Places) -> Places:
    """A class that the student would teach as a teacher, and one of another teacher's that the student is in."""
    other, pupil, second = (new_taker(site.app, role) for role in ("teacher", "student", "student"))
    now = datetime.now(UTC)
    hand_in(site, pupil, "seen")
    with site.session() as session:
        taught = classes.a_class(session, taker.id, pupil.id, second.id)
        theirs = classes.a_class(session, other.id, taker.id)
        group = grouping.create(session, taught.id, "North", teacher_id=taker.id, now=now)
        dates = {"due": now + timedelta(days=1), "closes": now + timedelta(days=9)}
        assignment = classes.an_assignment(session, taught, taker.id, "seen", **dates)
        late = {"due": now - timedelta(days=1), "late_policy": "percent", "percent_a_day": 10}
        set_to_me = classes.an_assignment(session, theirs, other.id, "seen", **late)
        classes.begin(session, assignment, pupil.id, now)
        marked = classes.submit(session, classes.begin(session, assignment, second.id, now), now)
        at = with_people_marking(session, taught, taker.id, second.id, at)
        for one in (pupil.id, taker.id):
            report = reported.a_challenge(session, one, at.question, now, passage=at.passage)
        regrade = regrading.twice(session, taker.id, identity(at.finished), but=at.question)
        code = own.renew_code(session, theirs.id, teacher_id=other.id, now=now)
        return replace(
            at, school_class=taught.id, assignment=assignment.id, student=pupil.id, group=group.id,
            set_to_me=set_to_me.id, code=code, regrade=regrade, report=report, marked=f"/attempts/{marked.id}",
        )  # fmt: skip


def questions_to_look_at(session: Session) -> None:
    """Two questions whose passage is told otherwise: one of the test's own is left out now, one stays in use.

    Nothing new comes into use, which other tests on this site would find among the bank's questions.
    """
    item = next(one for one in real_bank.items(session).values() if not one.needs_text and not one.show)
    fates: dict[str, provenance.Fate] = {"left-out": "draft", item.id: "look"}
    small_bank.put_item(session, {**entry_of(item), "id": "left-out"})
    ref = item.passages()[0]
    told = passage_shift(ref, {"account": "As it was."}, {"account": "Otherwise."})
    assert told is not None
    shifts = {("passage", ref): told}
    provenance.shake(session, shifts, lambda name, _weight: fates.get(name, "stay"), datetime.now(UTC))


def with_people_marking(session: Session, taught: SchoolClass, teacher: int, student: int, at: Places) -> Places:
    """A reason that waits for its teacher, a typed answer that nobody foresaw, and one that is accepted."""
    found = real_bank.items(session)
    chosen = {one.type: one for one in found.values() if not one.needs_text and not one.show}
    why = {**entry_of(chosen["single_choice"]), "id": "asks-why", "because": True}
    typed = chosen["short_answer"].id
    small_bank.put_item(session, why)
    sections = to_mark.sections(why["id"], typed)
    real_bank.put_quiz(session, {"id": to_mark.QUIZ, "title": "Why", "mode": "test", "sections": sections})
    assignment, key = to_mark.sat(session, taught, teacher, student, typed)
    return replace(at, reasoned=f"{assignment}/asks-why", typed=typed, typed_in=to_mark.QUIZ, accepted=key)


def hand_in(site: Site, taker: Taker, quiz: str) -> None:
    """A test of which every other question is right."""
    taker.start(quiz)
    for number, (item, order) in enumerate(site.slots(taker.attempt), 1):
        taker.press(number, **(item.form(item.correct_response(), order) if number % 2 else {"answer": "0"}))
    taker.press("submit")


def a_dry_run(site: Site, taker: Taker) -> str:
    """The dry run of a file with one question of each type, and two that cannot come in."""
    with site.session() as session:
        data = registry.written("gift", gallery.examples(ROOT / "question_bank"), Links())
        upload = Upload("types.gift", data + b"\n::essay::Tell. {}\n\n::a::B? {~c}\n", "", Defaults("types"))
        batch = importing.receive(session, taker.id, upload, now=datetime.now(UTC))
    return f"/teach/import/{batch}"


@pytest.fixture(scope="module")
def stage(site: Site) -> Stage:
    """Without the documents."""
    return set_up(site)


@pytest.fixture(scope="module")
def stage_with_documents(site_with_documents: Site) -> Stage:
    """With the documents."""
    return set_up(site_with_documents)


def test_no_page_is_forgotten(site: Site):
    assert {rule.endpoint for rule in get_rules(site.app)} <= set(PAGES) | NO_PAGES


@pytest.fixture
def as_staff(stage: Stage, request: pytest.FixtureRequest) -> Iterator[None]:
    """For as long as a test of teaching pages lasts, the student is a teacher."""
    name = _username(stage)
    stage.site.make(name, "teacher")
    yield
    stage.site.make(name, "student")


def _username(stage: Stage) -> str:
    with stage.taker.client.session_transaction() as session:
        return str(session["name"])


@pytest.mark.parametrize("endpoint", [one for one in PAGES if not one.startswith("teacher.")])
def test_every_page_is_accessible(somebody: Somebody, stage: Stage, endpoint: str):
    at = replace(stage.at, token=stage.site.first_teacher_token() or "") if "first_teacher" in endpoint else stage.at
    look_at_all(somebody, stage, addresses(at)[endpoint], signed_in=endpoint != "account.sign_in")


@pytest.mark.usefixtures("as_staff")
@pytest.mark.parametrize("endpoint", [one for one in PAGES if one.startswith("teacher.")])
def test_every_teaching_page_is_accessible(somebody: Somebody, stage: Stage, endpoint: str):
    look_at_all(somebody, stage, addresses(stage.at)[endpoint])


@pytest.mark.parametrize("endpoint", ["reader.passage"])
def test_pages_with_the_documents_are_accessible(somebody: Somebody, stage_with_documents: Stage, endpoint: str):
    look_at_all(somebody, stage_with_documents, addresses(stage_with_documents.at)[endpoint])


@pytest.mark.usefixtures("as_staff")
def test_the_walk_meets_questions_to_look_at_of_both_kinds(stage: Stage):
    page = stage.taker.get("/teach/provenance").text
    assert "<h2>Left out of new attempts" in page
    assert "<h2>In use, and to be looked at" in page


def test_every_type_of_question_is_accessible(somebody: Somebody, stage: Stage):
    number = len(stage.site.slots(stage.at.running))
    look_at_all(somebody, stage, [f"{stage.at.running}/{one}" for one in range(3, number + 1)])


def test_a_visitors_pages_are_accessible(somebody: Somebody, stage: Stage):
    look_at_all(somebody, stage, ["/", "/progress", "/quizzes/test"], signed_in=False)


def test_pages_of_mistakes_are_accessible(somebody: Somebody, stage: Stage):
    person = somebody(device={"viewport": PHONE})
    person.watch.expect("404", "422")
    person.go("/nothing")
    look(person.page)
    person.go("/sign-up")
    for label, typed in (("Username", "a"), ("Password", "short"), ("Password again", "different")):
        person.page.get_by_label(label, exact=True).fill(typed)
    person.press("Sign up")
    expect(person.page.locator(".error").first).to_be_visible()
    look(person.page)


def test_the_choice_between_two_answers_is_accessible(somebody: Somebody, stage: Stage):
    person = somebody(device={"viewport": PHONE}, javascript=True)
    person.watch.expect("409")
    taker = new_taker(stage.site.app, "student")
    taker.start(put_quiz(stage.site, "two-answers", "single_choice", mode="test"))
    person.page.context.add_cookies(
        [{"name": "quizapp", "value": taker.client.get_cookie("quizapp").value, "url": stage.site.url}]  # type: ignore[union-attr]
    )
    person.go(f"{taker.attempt}/1")
    item, order = stage.site.slots(taker.attempt)[0]
    correct = item.form(item.correct_response(), order)
    taker.script(1, 1, client="laptop-0001", **correct)
    person.form.locator(f'input[name="answer"]:not([value="{correct["answer"][0]}"])').first.check()
    person.sees("answered on another device meanwhile")
    look(person.page)


def look_at_all(somebody: Somebody, stage: Stage, paths: list[str], *, signed_in: bool = True) -> None:
    """Look at every one of the addresses; an address that takes forms alone has nothing to look at."""
    person = somebody(device={"viewport": PHONE}, at=stage.site)
    paths = [path for path in dict.fromkeys(paths) if answers_get(stage.site, path)]
    if signed_in:
        stage.signed_in(person.page.context)
    for path in paths:
        answer = person.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        look(person.page)


def answers_get(site: Site, path: str) -> bool:
    return "GET" in site.app.url_map.bind("").allowed_methods(path.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0])


def look(page: Page) -> None:
    """Nothing serious by axe in any light or size; nothing beyond the edge of a narrow screen; one first heading."""
    open_everything(page)
    found = []
    for (width, height), scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found += [f"{scheme}, {width} px: {one}" for one in serious(page)]
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    found += [f"at {NARROW['width']} px: {one}" for one in page.evaluate(OVERFLOW)]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert found == [], f"{page.url}\n" + "\n".join(found)
    assert page.locator("h1").count() == 1, page.url


def open_everything(page: Page) -> None:
    """What is folded away is looked at too; menus lie over the page, and are left."""
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")


def serious(page: Page) -> list[str]:
    """What axe finds that is serious or critical, one line each with the place."""
    violations = Axe().run(page, options=STANDARDS).response["violations"]
    return [
        f"{one['id']} at {json.dumps(node['target'])}: {node['failureSummary'].splitlines()[1].strip()}"
        for one in violations
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]
