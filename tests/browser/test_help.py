"""The pictures of the help pages, taken of the pages themselves; a page that has changed since needs a new picture.

``make pictures`` takes them anew: then look at them, and commit them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from quizapp.config import ROOT
from quizapp.store import users
from tests import classes, real_bank, small_bank
from tests.browser.conftest import Somebody
from tests.browser.person import Person
from tests.browser.site import Site

FOLDER = ROOT / "static" / "help"
KNOWN = FOLDER / "pictures.json"
RENEW = os.environ.get("QUIZAPP_RENEW_PICTURES") == "1"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 740}, "device_scale_factor": 1.5}
DESK: dict[str, Any] = {"viewport": {"width": 1200, "height": 800}}
CHANGING = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}"), "attempt"),
    (re.compile(r"question-[0-9a-f]+"), "question"),
    (re.compile(r"\b[A-HJKMNP-Z2-9]{4}[ -]?[A-HJKMNP-Z2-9]{4}\b"), "code"),
    (re.compile(r"\d+"), "0"),
    (re.compile(r"\b0:0[ \u202f]?[AP]M\b"), "0:0"),
    (re.compile(r"\b(Mon|Tue(s)?|Wed(nes)?|Thu(rs)?|Fri|Sat(ur)?|Sun)(day)?\b"), "day"),
    (re.compile(r"\b(0 )?(Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]* 0\b"), "date"),
    (re.compile(r"\b0 (Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\b"), "date"),
)


class Camera:
    """Takes pictures, or finds that the page is still as on its picture."""

    def __init__(self) -> None:
        self.before: dict[str, Any] = json.loads(KNOWN.read_text(encoding="utf-8")) if KNOWN.exists() else {}
        self.now: dict[str, Any] = {}
        self.stale: list[str] = []

    def take(self, person: Person, name: str, top: Locator | None = None) -> None:
        """What the window shows, from this part of the page on."""
        page = person.page
        if top is not None:
            top.evaluate("one => window.scrollTo(0, one.getBoundingClientRect().top + window.scrollY - 12)")
        said = hashlib.sha256(steady(person.main.aria_snapshot()).encode()).hexdigest()[:16]
        size = page.viewport_size
        assert size is not None
        self.now[name] = {**size, "said": said, "version": said[:8]}
        if RENEW:
            taken = page.screenshot(animations="disabled", caret="hide")
            small = Image.open(BytesIO(taken)).convert("RGB").quantize(64, dither=Image.Dither.NONE)
            small.save(FOLDER / f"{name}.png", optimize=True)
        elif self.before.get(name, {}).get("said") != said:
            self.stale.append(f"{name}:\n{steady(person.main.aria_snapshot())}")


def steady(said: str) -> str:
    """What a page says, without what is another at each run."""
    for pattern, instead in CHANGING:
        said = pattern.sub(instead, said)
    return said


@pytest.fixture
def quiz(fresh_site: Site) -> str:
    """A quiz of three questions in the order and with the options as they are written."""
    with fresh_site.session() as session:
        found = [one for one in real_bank.items(session).values() if one.topic == "brest-litovsk"]
    chosen = [one.id for one in found if one.type == "single_choice" and not one.show][:3]
    shuffle = {"items": False, "options": False}
    return fresh_site.put_quiz(
        id="brest", title="The Treaty of Brest-Litovsk", mode="practice", shuffle=shuffle, sections=[{"items": chosen}]
    )


def test_a_picture_does_not_grow_old_by_the_clock():
    assert len({steady(f"Kept at {at}.") for at in ("9:05 AM", "12:12\u202fPM", "23:59")}) == 1
    assert len({steady(f"Due {on}.") for on in ("Thu 19 Nov 2026", "Saturday 2 May 2027", "Wed 31 December 2026")}) == 1
    assert steady("Due 2 May 2027.") != steady("Due soon.")


def test_the_pictures_of_the_help_show_the_pages_as_they_are(somebody: Somebody, fresh_site: Site, quiz: str):
    camera = Camera()
    of_students(somebody(device=PHONE, at=fresh_site), camera, quiz)
    of_teachers(somebody(device=DESK, at=fresh_site), fresh_site, camera, quiz)
    if RENEW:
        KNOWN.write_text(json.dumps(camera.now, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert not camera.stale, "these pictures are old (make pictures takes new ones): " + "\n\n".join(camera.stale)
    assert {path.stem for path in FOLDER.glob("*.png")} == set(camera.now)
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates" / "help").glob("*.html"))
    assert set(re.findall(r'picture\("(\w+)"', text)) == set(camera.now)


def of_students(ann: Person, camera: Camera, quiz: str) -> None:
    """A question, its review, the summary, the result and a passage."""
    ann.sign_up("ann")
    ann.start(quiz)
    camera.take(ann, "question")
    item, order = ann.site.slots(ann.attempt)[0]
    right = item.form(item.correct_response(), order)["answer"][0]
    ann.form.locator(f'input[name="answer"]:not([value="{right}"])').first.check()
    ann.is_saved()
    ann.press("Check")
    ann.is_at("#review")
    camera.take(ann, "review", ann.page.locator("#review"))
    ann.at(2)
    ann.answer_rightly()
    ann.press("Check")
    ann.is_at("#review")
    ann.at(3)
    ann.press(re.compile("Flag for later"))
    expect(ann.main.get_by_role("button", name="Unflag")).to_be_visible()
    ann.at("summary")
    camera.take(ann, "summary")
    ann.page.locator("#submit-form button").click()
    ann.is_at("/result$")
    camera.take(ann, "result", ann.main.locator("h1"))
    ann.main.locator("a[href*='#evidence']", has_text="“").first.click()
    expect(ann.page.locator("#evidence").first).to_be_attached()
    camera.take(ann, "passage", ann.main.locator("h1"))


def of_teachers(tess: Person, site: Site, camera: Camera, quiz: str) -> None:
    """The first page, the editor with its picker, the builder, a class and its gradebook."""
    tess.sign_up("tess")
    site.make("tess", "teacher")
    tess.go("/teach/")
    camera.take(tess, "teaching")
    page = tess.page
    tess.go("/teach/questions/new?type=true_false")
    page.locator("#stem").fill("Soviet Russia gave up Ukraine in the Treaty of Brest-Litovsk.")
    expect(page.locator("#preview")).to_contain_text("gave up Ukraine")
    expect(page.locator("#saved")).to_contain_text("Draft kept")
    camera.take(tess, "editor")
    page.locator("#evidence-0-find").click()
    page.locator("#evidence-0-search").fill("treaty signed")
    page.locator("#evidence-0-search").press("Enter")
    page.locator(".hit").first.click()
    expect(page.locator("#evidence-0-shown")).to_be_visible()
    camera.take(tess, "picker", page.locator(".picker"))
    tess.go(f"/teach/quizzes/{quiz}/edit")
    camera.take(tess, "builder")
    number = a_class_with_marks(site, quiz)
    tess.go(f"/teach/classes/{number}")
    camera.take(tess, "class")
    tess.go(f"/teach/classes/{number}/assign")
    camera.take(tess, "assign")
    tess.go(f"/teach/classes/{number}/gradebook")
    camera.take(tess, "gradebook")


def a_class_with_marks(site: Site, quiz: str) -> int:
    """Three students, of whom two have handed in what was set; the class's id."""
    with site.session() as session:
        tess = users.by_key(session, "tess")
        assert tess is not None
        names = (("ada", "Ada", "Berg"), ("ben", "Ben", "Kaya"), ("cleo", "Cleo", "Okoye"))
        students = [small_bank.a_user(session, name) for name, _, _ in names]
        for user_id, (_, given, family) in zip(students, names, strict=True):
            user = users.by_id(session, user_id)
            assert user is not None
            user.given_name, user.family_name = given, family
        school_class = classes.a_class(session, tess.id, *students)
        due = classes.NOON + timedelta(days=5)
        assignment = classes.an_assignment(session, school_class, tess.id, quiz=quiz, due=due)
        for user_id, right in zip(students, (3, 1), strict=False):
            attempt = classes.begin(session, assignment, user_id)
            for slot in range(1, right + 1):
                classes.answer_rightly(session, attempt, slot)
            classes.submit(session, attempt)
        return school_class.id
