"""Parts of pages that come out the same again and again, drawn once and kept, each under all that it depends on.

A template says ``remembered("macros/page.html", "site_nav", role, page)``. What is kept is never cut short by time: the
arguments say everything. Where templates are read anew when they change, nothing is kept.

A whole page that many ask for is drawn once for all who stand alike, with gaps for what is each one's own: see
``Patterns``.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, NamedTuple, cast

from flask import Flask, current_app, has_request_context, request
from jinja2 import Environment
from markupsafe import Markup, escape

KEPT = 4096  # fragments, in each process: some 15 MB; the largest, reviewed questions, have some kB
KEPT_ROWS = 1024  # lists of fragments
KEPT_PATTERNS = 512  # of some kB each
BETWEEN_LINES = re.compile(r"[ \t]*\n[ \t\n]*")
FRAGMENTS, PATTERNS = "quizapp.fragments", "quizapp.patterns"  # among the app's extensions


def init_app(app: Flask) -> None:
    """Give templates ``macros(template)``, ``remembered(…)`` and ``remembered_as(key, …)``."""
    fragments = app.extensions[FRAGMENTS] = Fragments(app.jinja_env)
    app.extensions[PATTERNS] = Patterns(app.jinja_env)
    app.jinja_env.globals.update(
        macros=fragments.macros, remembered=fragments.remembered, remembered_as=fragments.remembered_as
    )


def packed(page: str) -> str:
    """The same page without indentation and empty lines; not for what somebody has written."""
    return BETWEEN_LINES.sub("\n", page)


class Fragments:
    """What templates have drawn, by template, macro, where the app is mounted, and key."""

    def __init__(self, environment: Environment) -> None:
        """Nothing is drawn yet."""
        self._environment = environment
        self._modules: dict[str, Any] = {}
        self._drawn: dict[Hashable, Markup] = {}
        self._rows: dict[Hashable, list[Markup]] = {}

    def macros(self, template: str) -> Any:
        """The template's macros; as ``import`` without the context, which compares all names with it at each page."""
        if self._environment.auto_reload or template not in self._modules:
            self._modules[template] = self._environment.get_template(template).module
        return self._modules[template]

    def remembered(self, template: str, macro: str, *arguments: Hashable) -> Markup:
        """What the macro gives for these arguments, on which alone it depends."""
        return self._remember(arguments, template, macro, *arguments, pack=True)

    def remembered_row(self, template: str, macro: str, row: tuple[Hashable, ...], *more: Hashable) -> list[Markup]:
        """What the macro gives for each of a row and the same further arguments; the row as a whole is remembered."""
        whole = (template, macro, request.script_root, row, more)
        found = None if self._environment.auto_reload else self._rows.get(whole)
        if found is None:
            if len(self._rows) >= KEPT_ROWS:
                self._rows.clear()
            found = self._rows[whole] = [self.remembered(template, macro, one, *more) for one in row]
        return found

    def remembered_as(self, key: Hashable, template: str, macro: str, *arguments: Any) -> Markup:
        """What the macro gives; ``key`` tells apart whatever its arguments do. None is never remembered."""
        return self._remember(key, template, macro, *arguments)

    def _remember(self, key: Hashable, template: str, macro: str, *arguments: Any, pack: bool = False) -> Markup:
        if key is None or self._environment.auto_reload:
            return self._draw(template, macro, arguments)
        whole = (template, macro, request.script_root if has_request_context() else "", key)
        found = self._drawn.get(whole)
        if found is None:
            if len(self._drawn) >= KEPT:
                self._drawn.clear()
            drawn = self._draw(template, macro, arguments)
            found = self._drawn[whole] = Markup(packed(drawn)) if pack else drawn  # noqa: S704 markup as it was
        return found

    def _draw(self, template: str, macro: str, arguments: Iterable[Any]) -> Markup:
        draw: Callable[..., Markup] = getattr(self.macros(template), macro)
        return draw(*arguments)


def fragments() -> Fragments:
    """Those of the current app."""
    return cast(Fragments, current_app.extensions[FRAGMENTS])


def patterns() -> Patterns:
    """Those of the current app."""
    return cast(Patterns, current_app.extensions[PATTERNS])


class Patterns:
    """Pages drawn once for all who stand alike, by template, where the app is mounted, and what they have in common.

    The template sees nothing but what is given: ``alike`` by its fields' names, and ``own``, whose values are gaps
    while the pattern is drawn. So nothing of the one for whom it was drawn can stay in it.
    """

    def __init__(self, environment: Environment) -> None:
        """Nothing is drawn yet."""
        self._environment = environment
        self._salt = secrets.token_hex(4)  # nobody can write what would be taken for a gap
        self._gap = re.compile(f"\ufdd0{self._salt}([a-z_]+)\ufdd1")  # characters that are none: no filter minds them
        self._drawn: dict[Hashable, tuple[str, ...]] = {}

    def page(self, template: str, alike: NamedTuple, own: Mapping[str, str]) -> str:
        """The page: ``own``, always of the same names, is escaped where it is not markup."""
        if self._environment.auto_reload:
            return self._environment.get_template(template).render(alike._asdict(), own=own)
        whole = (template, request.script_root, alike)
        pattern = self._drawn.get(whole)
        if pattern is None:
            if len(self._drawn) >= KEPT_PATTERNS:
                self._drawn.clear()
            pattern = self._drawn[whole] = self._draw(template, alike, own)
        parts = list(pattern)  # text and gaps take turns
        ready = {name: value if type(value) is Markup else escape(value) for name, value in own.items()}
        parts[1::2] = [ready[name] for name in pattern[1::2]]
        return "".join(parts)

    def _draw(self, template: str, alike: NamedTuple, names: Mapping[str, str]) -> tuple[str, ...]:
        gaps = {name: f"\ufdd0{self._salt}{name}\ufdd1" for name in names}
        drawn = self._environment.get_template(template).render(alike._asdict(), own=gaps)
        return tuple(self._gap.split(packed(drawn)))
