"""Parts of pages that come out the same again and again, drawn once and kept, each under all that it depends on.

A template says ``remembered("macros/page.html", "site_nav", role, page)``. What is kept is never cut short by time: the
arguments say everything. Where templates are read anew when they change, nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from flask import Flask, has_request_context, request
from jinja2 import Environment
from markupsafe import Markup

KEPT = 4096  # fragments, in each process: some 10 MB; the largest, the steps of a long quiz, have some kB


def init_app(app: Flask) -> None:
    """Give templates ``macros(template)``, ``remembered(…)`` and ``remembered_as(key, …)``."""
    fragments = Fragments(app.jinja_env)
    app.jinja_env.globals.update(
        macros=fragments.macros, remembered=fragments.remembered, remembered_as=fragments.remembered_as
    )


class Fragments:
    """What templates have drawn, by template, macro, where the app is mounted, and key."""

    def __init__(self, environment: Environment) -> None:
        """Nothing is drawn yet."""
        self._environment = environment
        self._modules: dict[str, Any] = {}
        self._drawn: dict[Hashable, Markup] = {}

    def macros(self, template: str) -> Any:
        """The template's macros; as ``import`` without the context, which compares all names with it at each page."""
        if self._environment.auto_reload or template not in self._modules:
            self._modules[template] = self._environment.get_template(template).module
        return self._modules[template]

    def remembered(self, template: str, macro: str, *arguments: Hashable) -> Markup:
        """What the macro gives for these arguments, on which alone it depends."""
        return self.remembered_as(arguments, template, macro, *arguments)

    def remembered_as(self, key: Hashable, template: str, macro: str, *arguments: Any) -> Markup:
        """What the macro gives; ``key`` tells apart whatever its arguments do. None is never remembered."""
        draw: Callable[..., Markup] = getattr(self.macros(template), macro)
        if key is None or self._environment.auto_reload:
            return draw(*arguments)
        whole = (template, macro, request.script_root if has_request_context() else "", key)
        found = self._drawn.get(whole)
        if found is None:
            if len(self._drawn) >= KEPT:
                self._drawn.clear()
            found = self._drawn[whole] = draw(*arguments)
        return found
