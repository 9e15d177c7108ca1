"""A quiz on its way from draft to version: opened, kept, saved as a new version, copied, withdrawn, dropped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain.difference import Difference, differences
from quizapp.domain.entry import KEBAB, digest, plain
from quizapp.domain.item import Item
from quizapp.domain.quiz import RESERVED, CannotDraw, Quiz, draw
from quizapp.services import audit
from quizapp.services.accounts import Mistakes
from quizapp.services.building import draft as drafts
from quizapp.services.building.draft import Draft, Problems
from quizapp.services.building.left_out import LeftOut
from quizapp.services.building.left_out import left_out as _left_out
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.people import person
from quizapp.services.taking.starting import drawable, without_set_aside
from quizapp.store import bank, building, imports
from quizapp.store.building import Past, QuizDraft, Standing
from quizapp.store.versions import Thing

NEW = "new-"
WINDOW = "window"  # beside what is typed: which window of a browser kept it
OTHERS_SINCE = timedelta(days=1)
NO_SUCH = "There is no such quiz, or its draft was saved or dropped meanwhile. The list shows those there are."
DRAWS_TRIED = ("one", "two", "three")


@dataclass(frozen=True)
class Work:
    """A quiz as its builder sees it. ``standing``: what is published; ``is_draft``: changes wait to be saved.

    ``is_behind``: somebody has saved another version since the draft was begun.
    """

    name: str
    draft: Draft
    base: str | None
    standing: Standing | None
    is_draft: bool
    saved_at: datetime | None = None
    window: str = ""  # the window of a browser that kept the draft last

    @property
    def mark(self) -> str:
        """Tells this state of the draft from any other."""
        return digest(self.draft)[:16]

    @property
    def is_behind(self) -> bool:
        """Whether the draft began from a version that is not the present one."""
        return self.is_draft and self.standing is not None and self.standing.digest != self.base

    @property
    def title(self) -> str:
        """What to call it."""
        return self.draft["title"] or "Quiz without a title"


@dataclass(frozen=True)
class VersionLine:
    """A version in the history; ``who`` is empty where it came from files or the account is gone."""

    digest: str
    created_at: datetime
    who: str
    is_current: bool
    changes: tuple[Difference, ...]


@dataclass(frozen=True)
class Window:
    """Where a draft is being typed: a word for the window, and the mark of the state that it showed at first."""

    name: str = ""
    seen: str = ""


class DraftConflict(Conflict):
    """The draft was changed in another window meanwhile; ``theirs`` is what it holds there, ``mine`` what came in."""

    def __init__(self, theirs: Work, mine: Draft) -> None:
        super().__init__("This quiz was changed in another window meanwhile. Look at both texts, then choose.")
        self.theirs, self.mine = theirs, mine

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Word by word, from theirs to mine."""
        return differences(drafts.said(self.theirs.draft), drafts.said(self.mine))


def work(session: Session, name: str, *, user_id: int) -> Work:
    """The user's draft of the quiz, else what is published. Raises ``NotFound``."""
    standing = _standing(session, name)
    kept = building.draft(session, user_id, name)
    if kept is not None:
        return Work(name, drafts.cleaned(kept.data), kept.base, standing, True, kept.saved_at, _window(kept))
    if standing is None:
        raise NotFound(NO_SUCH)
    return Work(name, drafts.draft_of(_quiz(session, standing.digest)), standing.digest, standing, False)


def begin(session: Session, *, user_id: int, key: str, now: datetime, data: Draft | None = None) -> str:
    """A draft of a new quiz; its name for now. ``key`` makes it unique."""
    name = f"{NEW}{key}"
    _keep(session, name, data or drafts.empty(), None, user_id, now)
    return name


def keep(
    session: Session,
    name: str,
    draft: Mapping[str, Any],
    *,
    user_id: int,
    now: datetime,
    window: Window = Window(),
) -> None:
    """Keep what is typed, right or not. Raises ``NotFound``.

    Raises ``DraftConflict`` where another window has kept something else since this one was opened.
    """
    found = work(session, name, user_id=user_id)
    data = drafts.cleaned(draft)
    is_known = window.seen in ("", found.mark) or (window.name and window.name == found.window)
    if not is_known and data != found.draft:
        raise DraftConflict(found, data)
    if found.is_draft or data != found.draft:
        _keep(session, name, data, found.base, user_id, now, window.name)


def differs(session: Session, found: Work) -> tuple[Difference, ...]:
    """From what is published to the draft, word by word; nothing where either is not there."""
    if found.standing is None or not found.is_draft:
        return ()
    published = drafts.draft_of(_quiz(session, found.standing.digest))
    return differences(drafts.said(published), drafts.said(found.draft))


def settable(session: Session, found: Work) -> Quiz | None:
    """The quiz as it can be set now: a published one without what is set aside; None where it is not complete yet."""
    if found.is_draft or found.standing is None:
        return checked(session, found.draft, found.name)[0]
    return without_set_aside(session, _quiz(session, found.standing.digest), drawable(session))


def left_out(session: Session, found: Work) -> list[LeftOut]:
    """Which questions of the published quiz new attempts do not get; one query at most."""
    return _left_out(session, _quiz(session, found.standing.digest)) if found.standing else []


def others_at_it(session: Session, name: str, *, user_id: int, now: datetime) -> list[tuple[str, datetime]]:
    """Who else has kept a draft of the quiz since yesterday, and when last; one query."""
    found = building.others(session, name, user_id, now - OTHERS_SINCE)
    return [(person(user).name, saved_at) for user, saved_at in found]


def drop(session: Session, name: str, *, user_id: int) -> bool:
    """Let go of the draft; whether a published quiz remains. Raises ``NotFound``."""
    found = work(session, name, user_id=user_id)
    building.forget(session, user_id, name)
    return found.standing is not None


def save(session: Session, name: str, *, user_id: int, now: datetime, over: bool = False) -> str:
    """Make the draft the new version; the quiz's name, which a new one gets from its title.

    Attempts that run keep the version with which they began. Raises ``NotFound``; ``Mistakes`` with what is wrong,
    field by field; ``Conflict`` where somebody saved another version meanwhile, unless ``over`` says to replace it.
    """
    content = building.lock(session, name) if _is_name(name) else None
    found = work(session, name, user_id=user_id)
    if found.is_behind and not over:
        raise Conflict(
            "Somebody has saved another version of this quiz since you began. Yours is kept as your draft. "
            "Look at the history, then save over it or drop your draft."
        )
    own_name = name if content is not None else _free_name(session, found.draft["title"])
    quiz, problems = checked(session, found.draft, own_name)
    if quiz is None:
        raise Mistakes(problems)
    entry = plain(quiz)
    thing = Thing("quiz", quiz.id, digest(entry), entry)
    before = content.digest if content is not None else None
    imports.put(session, "quiz", [thing], now)
    building.forget(session, user_id, name)
    if thing.digest != before:
        old, new = ({"version": one[:12]} if one else None for one in (before, thing.digest))
        audit.record(session, user_id, "save", "quiz", quiz.id, old, {**(new or {}), "title": quiz.title}, now=now)
    return quiz.id


def checked(session: Session, draft: Draft, name: str) -> tuple[Quiz | None, Problems]:
    """The quiz that the draft says, if it can be set here and now; else what is wrong, field by field."""
    quiz, problems = drafts.quiz_of(draft, name)
    if quiz is None:
        return None, problems
    items = drawable(session)
    problems = _unknown(quiz, items)
    if not problems:
        problems = _too_few(quiz, items)
    return (None, problems) if problems else (quiz, {})


def duplicate(session: Session, name: str, *, user_id: int, key: str, now: datetime) -> str:
    """A draft of a new quiz that says the same; its name for now. Raises ``NotFound``."""
    data = dict(work(session, name, user_id=user_id).draft)
    data["title"] = f"{data['title']} (copy)" if data["title"] else ""
    return begin(session, user_id=user_id, key=key, now=now, data=data)


def restore(session: Session, name: str, version: str, *, user_id: int, now: datetime) -> None:
    """Take an older version as the draft. Raises ``NotFound``."""
    found = next((one for one in building.versions(session, name) if one.digest == version), None)
    standing = _standing(session, name)
    if found is None or standing is None:
        raise NotFound("This quiz has no such version.")
    _keep(session, name, drafts.draft_of(Quiz.model_validate(found.entry)), standing.digest, user_id, now)


def withdraw(session: Session, name: str, wanted: bool, *, user_id: int, now: datetime) -> None:
    """Take the quiz out of all lists, or put it back; attempts stay. Raises ``NotFound``."""
    content = building.lock(session, name) if _is_name(name) else None
    if content is None:
        raise NotFound(NO_SUCH)
    if (content.retired_at is not None) != wanted:
        content.retired_at = now if wanted else None
        session.flush()
        audit.record(session, user_id, "withdraw" if wanted else "put back", "quiz", name, None, None, now=now)


def history(session: Session, name: str) -> list[VersionLine]:
    """Every version with who saved it, the newest first; three queries. Raises ``NotFound``."""
    standing = _standing(session, name)
    if standing is None:
        raise NotFound(NO_SUCH)
    found, who = building.versions(session, name), building.saved_by(session, name)
    older = [*found[1:], None]
    return [
        VersionLine(
            digest=one.digest,
            created_at=one.created_at,
            who=person(who[one.digest[:12]]).name if one.digest[:12] in who else "",
            is_current=one.digest == standing.digest,
            changes=_changes(before, one),
        )
        for one, before in zip(found, older, strict=True)
    ]


def _changes(before: Past | None, after: Past) -> tuple[Difference, ...]:
    return () if before is None else differences(before.entry, after.entry)


def _window(kept: QuizDraft) -> str:
    return str(kept.data.get(WINDOW, ""))


def _standing(session: Session, name: str) -> Standing | None:
    found = building.standings(session, name) if _is_name(name) else []
    return found[0] if found else None


def _is_name(name: str) -> bool:
    return bool(re.fullmatch(KEBAB, name)) and len(name) <= 80


def _quiz(session: Session, key: str) -> Quiz:
    return bank.quizzes(session, [key])[key]


def _keep(
    session: Session, name: str, data: Draft, base: str | None, user_id: int, now: datetime, window: str = ""
) -> None:
    kept = building.draft(session, user_id, name)
    if kept is None:
        kept = QuizDraft(quiz=name, user_id=user_id, base=base, data=data, saved_at=now)
    kept.data, kept.base, kept.saved_at = {**data, WINDOW: window}, base, now
    building.keep(session, kept)


def _free_name(session: Session, title: str) -> str:
    """An id for a new quiz, from its title."""
    bare = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:60].strip("-") or "quiz"
    taken = {one.name for one in building.standings(session)} | RESERVED
    taken |= {name} if name.startswith(NEW) else set()
    number = 2
    free = name
    while free in taken:
        free, number = f"{name.removeprefix(NEW)}-{number}", number + 1
    return free


def _unknown(quiz: Quiz, items: Collection[str]) -> Problems:
    found: Problems = {}
    seen: set[str] = set()
    for number, section in enumerate(quiz.sections):
        place = f"sections-{number}-items"
        for one in section.items:
            if one not in items:
                found.setdefault(place, []).append(f"“{one}” is not in the bank any more, or cannot be asked here.")
            if one in seen:
                found.setdefault(place, []).append(f"“{one}” stands twice in this quiz.")
            seen.add(one)
    return found


def _too_few(quiz: Quiz, items: Mapping[str, Item]) -> Problems:
    """Whether the draws can be met, tried a few times; said at the first draw that is too large, else at the last."""
    try:
        for seed in DRAWS_TRIED:
            draw(quiz, items, seed)
    except CannotDraw:
        places = [number for number, section in enumerate(quiz.sections) if section.draw]
        alone = [number for number in places if _fitting(quiz, number, items) < (quiz.sections[number].draw or 0)]
        place = (alone or places)[-1]
        count = _fitting(quiz, place, items)
        why = f"only {count} fit" if alone else "too few may stand together with the rest of the quiz"
        return {
            f"sections-{place}-draw": [f"There are not enough questions for this: {why}. Ask for fewer, or widen it."]
        }
    return {}


def _fitting(quiz: Quiz, number: int, items: Mapping[str, Item]) -> int:
    pool = quiz.sections[number].source
    return sum(pool is None or pool.admits(item) for item in items.values())
