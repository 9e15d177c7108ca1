"""Mistakes of entries put where they stand in a file, and told in terms of what was typed there."""

from __future__ import annotations

from collections.abc import Iterable

import yaml
from pydantic import ValidationError

from quizapp.domain.entry import Place, Problem
from quizapp.formats.yaml_scalar import Trap, read_plain, what_it_is_taken_for
from quizapp.formats.yaml_tree import Tree

WANTS_TEXT = frozenset({"string_type", "literal_error"})
NOTHING = "nothing is written here; write the value, or leave the field out"


def note_mistakes(tree: Tree, base: Place, problems: Iterable[Problem], cause: object = None) -> None:
    """Adds to the tree the problems of the entry at ``base``; ``cause`` is the validation error that they explain."""
    errors = cause.errors() if isinstance(cause, ValidationError) else []
    text_wanted = {id(tree.node((*base, *error["loc"]))) for error in errors if error["type"] in WANTS_TEXT}
    unknown = {(*base, *error["loc"])[-1] for error in errors if error["type"] == "extra_forbidden"}
    seen: set[tuple[int, str]] = set()
    for problem in problems:
        place = (*base, *problem.place)
        node = tree.node(place)
        message = (_as_typed(node, id(node) in text_wanted) if tree.spells(place) else None) or problem.message
        if (id(node), message) not in seen:
            seen.add((id(node), message))
            is_name = bool(place) and place[-1] in unknown and message == problem.message
            tree.add(tree.spot(place, on_name=is_name), message)


def _as_typed(node: yaml.Node | None, wants_text: bool) -> str | None:
    """What to say of a plain scalar that YAML does not take for what is wanted; None where that is not the matter."""
    if not isinstance(node, yaml.ScalarNode) or node.style:
        return None
    raw = node.value
    if raw == "":
        return NOTHING
    if wants_text and (taken_for := what_it_is_taken_for(raw)):
        return f'YAML takes «{raw}» for {taken_for}, but text is wanted; put it in quotation marks: "{raw}"'
    if isinstance(read_plain(raw), Trap):
        return f"«{raw}» does not mean the same to every program; write the value plainly"
    return None
