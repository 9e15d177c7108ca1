"""Who may do what: one table."""

from __future__ import annotations

from typing import Literal

Role = Literal["anyone", "guest", "student", "teacher", "admin"]
ROLES: tuple[Role, ...] = ("anyone", "guest", "student", "teacher", "admin")
SIGNED_IN: frozenset[Role] = frozenset({"guest", "student", "teacher", "admin"})
STAFF: frozenset[Role] = frozenset({"teacher", "admin"})
EVERYONE: frozenset[Role] = frozenset(ROLES)

PERMISSIONS: dict[str, frozenset[Role]] = {
    "read sources": EVERYONE,
    "see quizzes": EVERYONE,
    "read notes": SIGNED_IN,
    "sign in": EVERYONE,
    "take quizzes": SIGNED_IN,  # a visitor becomes a guest by starting one
    "see own progress": SIGNED_IN,
    "change own account": SIGNED_IN,
    "see the gallery": STAFF,
    "see teaching pages": STAFF,
    "see the audit trail": STAFF,  # a teacher what concerns own classes and own work, an administrator all
    "teach classes": STAFF,  # own ones; others do not exist for them
    "mark answers": STAFF,  # those of own classes
    "build quizzes": STAFF,
    "import questions": STAFF,
    "export questions": STAFF,
    "export scores": STAFF,  # of own classes; an administrator all
    "write questions": STAFF,  # the bank is everybody's who teaches
    "report problems": SIGNED_IN,  # of what its reader may see the key of
    "answer reports": STAFF,  # of students of own classes, and of those of none
    "add sources": STAFF,  # every teacher reads all of them, and changes own ones
    "change any source": frozenset({"admin"}),
    "regrade": STAFF,  # a teacher the attempts of own students, an administrator all
    "join classes": SIGNED_IN,  # a guest is told to sign up first
    "manage accounts": frozenset({"admin"}),
}


def may(role: Role, action: str) -> bool:
    """Whether someone in this role may do that. An action that the table lacks is a mistake: ``KeyError``."""
    return role in PERMISSIONS[action]
