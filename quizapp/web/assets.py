"""Stylesheets joined into one file, scripts into one a page kind, each under a name that changes with its content.

Built once, at start, into the instance folder. WhiteNoise serves them from there, compressed, for browsers to keep.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

from quizapp.domain.items import ITEM_TYPES
from quizapp.web.requests import address

ADDRESS = "static/build"

# Which behaviours (static/js/<name>.js) a kind of page has; what they import comes along. One line a kind.
PAGE_SCRIPTS: dict[str, tuple[str, ...]] = {
    "base": ("preferences", "menus", "unsent"),
    "question": ("autosave", "conflict", "moving", "timer", "steps", "focus", "keyboard"),
    "gallery": (),
    "live": ("live",),
    "marking": ("marking",),
    "editor": ("editor",),
    "challenge": ("challenge",),
    "builder": ("builder",),
    "wall": ("wall",),
    "copying": ("copying",),
    "printing": ("printing",),
}
PAGES_WITH_ITEMS = {"question", "gallery", "editor"}  # and the scripts that item types have, each under its type's name
FIRST_STYLES, LAST_STYLES = ("base", "typography"), ("print",)
# Of the styles for teaching pages, those that students load with their progress alone: a question must stay light.
PROGRESS_STYLES = ("charts", "progress")
TEACHING_STYLES = (
    "analysis",
    "builder",
    "charts",
    "classes",
    "desk",
    "editor",
    "evening",
    "gradebook",
    "import",
    "marking",
    "progress",
    "regrade",
    "reports",
    "teaching",
)  # not for students
HELP_STYLES = ("help",)  # for the pages of help alone
ICONS = {"icon": "icon.svg", "touch-icon": "touch-icon.png"}

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|let|class) (\w+))", re.MULTILINE)
STYLE_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
NEEDLESS_SPACE = re.compile(r"\s*([{};]|,(?=\s)|(?<=[\w-]):(?=\s))\s*")
SCRIPT_COMMENT = re.compile(r"(?:^\s*| )// .*$", re.MULTILINE)
INDENTATION = re.compile(r"\n\s+")
# What no text that a person reads holds; a line's end goes where the line cannot end a statement, or ends it by itself.
NEEDLESS_IN_SCRIPTS = re.compile(r" (=>|[=!]==|&&|\|\||\?\?=?|\+?=) |(?<=\)) (?=\{)|(?<=[{;,])\n")


def init_app(app: Flask) -> None:
    """Build the assets, serve them, and give templates ``asset("css")`` and ``asset("js", "question")``."""
    static = Path(str(app.static_folder))
    built = dict(build(static))
    folder = _writable(app.config["SETTINGS"].instance / "assets") / "build"
    names = {key: store(folder, key, content) for key, content in built.items()}
    app.wsgi_app = _serving(app.wsgi_app, folder)  # type: ignore[method-assign]
    app.jinja_env.globals["asset"] = _addresses(names)
    app.config["ASSETS"] = names


def build(static: Path) -> Iterator[tuple[str, bytes]]:
    """Each asset's name (``app.css``, ``base.js``, ``icon.svg``) and content."""
    yield "app.css", join_styles(static / "css").encode()
    yield "teaching.css", _styles(static / "css", TEACHING_STYLES).encode()
    yield "progress.css", _styles(static / "css", PROGRESS_STYLES).encode()
    yield "help.css", _styles(static / "css", HELP_STYLES).encode()
    shared = collect(static / "js", PAGE_SCRIPTS["base"])
    base = _joined(shared) + f"export {{{', '.join(map(_variable, shared))}}};\n"
    yield "base.js", base.encode()
    for kind, entries in PAGE_SCRIPTS.items():
        of_items = item_scripts(static / "js") if kind in PAGES_WITH_ITEMS else ()
        if kind != "base":
            own = collect(static / "js", (*entries, *of_items))
            yield f"{kind}.js", _beside(hashed("base.js", base.encode()), shared, own).encode()
    for file in ICONS.values():
        yield file, (static / "icons" / file).read_bytes()


def join_styles(folder: Path) -> str:
    """Every page's stylesheets as one: the base first, print last, the others by name."""
    names = sorted(path.stem for path in folder.glob("*.css"))
    between = [name for name in names if name not in FIRST_STYLES + LAST_STYLES + TEACHING_STYLES + HELP_STYLES]
    return _styles(folder, [name for name in (*FIRST_STYLES, *between, *LAST_STYLES) if name in names])


def _styles(folder: Path, names: Iterable[str]) -> str:
    """These stylesheets as one, without comments and needless space."""
    return packed("\n".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in names))


def packed(styles: str) -> str:
    """The same styles without comments and needless space."""
    return NEEDLESS_SPACE.sub(r"\1", STYLE_COMMENT.sub("", styles)).replace(";}", "}").strip()


def packed_script(source: str) -> str:
    """The same script without comments and needless space."""
    lines = INDENTATION.sub("\n", SCRIPT_COMMENT.sub("", source)).lstrip()
    return NEEDLESS_IN_SCRIPTS.sub(lambda found: found[1] or "", lines)


def item_scripts(folder: Path) -> tuple[str, ...]:
    """The item types that have a script."""
    return tuple(name for name in ITEM_TYPES if (folder / f"{name}.js").exists())


def join_scripts(folder: Path, entries: tuple[str, ...]) -> str:
    """The modules, and those that they import, as one; each keeps its names to itself and hands on what it exports."""
    return _joined(collect(folder, entries))


def collect(folder: Path, entries: tuple[str, ...]) -> dict[str, str]:
    """The modules and those that they import, by name, each after what it imports."""
    modules: dict[str, str] = {}
    for entry in entries:
        _collect(folder, entry, modules)
    return modules


def hashed(name: str, content: bytes) -> str:
    """The asset's name with its hash in it."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{ending}"


def store(folder: Path, name: str, content: bytes) -> str:
    """Keep the asset, and its compressed twin, under a name with its hash; that name."""
    kept_as = hashed(name, content)
    _write(folder / kept_as, content)
    if not name.endswith(".png"):
        _write(folder / f"{kept_as}.gz", gzip.compress(content, 9, mtime=0))
    return kept_as


def _collect(folder: Path, name: str, modules: dict[str, str]) -> None:
    """Add a module after those that it imports, each once."""
    if name in modules:
        return
    source = (folder / f"{name}.js").read_text(encoding="utf-8")
    for _, imported in IMPORT.findall(source):
        _collect(folder, imported, modules)
    modules[name] = source


def _joined(modules: Mapping[str, str]) -> str:
    return "".join(_wrapped(name, source) for name, source in modules.items())


def _beside(base: str, shared: Mapping[str, str], modules: Mapping[str, str]) -> str:
    """The modules as one file, without those that the base's file, which every page has, holds already."""
    wanted = {imported for source in modules.values() for _, imported in IMPORT.findall(source)} & set(shared)
    own = _joined({name: source for name, source in modules.items() if name not in shared})
    taken = ", ".join(map(_variable, sorted(wanted)))
    return f'import {{{taken}}} from "./{base}";\n{own}' if wanted else own


def _variable(name: str) -> str:
    return "$" + name.replace("-", "_")


def _wrapped(name: str, source: str) -> str:
    exported = ", ".join(EXPORT.findall(source))
    body = packed_script(EXPORT.sub("", IMPORT.sub(_from_variable, source)))
    return f"const {_variable(name)} = (() => {{\n{body}return {{{exported}}};\n}})();\n"


def _from_variable(found: re.Match[str]) -> str:
    names = re.sub(r"(\w+) as (\w+)", r"\1: \2", found[1])
    return f"const {{{names}}} = {_variable(found[2])};\n"


def _writable(folder: Path) -> Path:
    """The folder, made, with ``build`` in it; a temporary one where the instance folder can't be written to."""
    try:
        (folder / "build").mkdir(parents=True, exist_ok=True)
    except OSError:
        return _writable(Path(tempfile.mkdtemp(prefix="quizapp-assets-")))
    return folder if os.access(folder, os.W_OK) else _writable(Path(tempfile.mkdtemp(prefix="quizapp-assets-")))


def _write(path: Path, content: bytes) -> None:
    """Write whole or not at all: several processes start at once. Drafts lie outside the folder that is served."""
    if path.exists():
        return
    with tempfile.NamedTemporaryFile(dir=path.parent.parent, prefix="draft-", delete=False) as draft:
        draft.write(content)
    Path(draft.name).chmod(0o644)
    Path(draft.name).replace(path)


def _serving(wsgi_app: Any, folder: Path) -> Any:
    return WhiteNoise(
        wsgi_app,
        root=str(folder),
        prefix=ADDRESS,
        allow_all_origins=False,
        immutable_file_test=lambda _path, _url: True,
        add_headers_function=_harden,
    )


def _harden(headers: Any, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def _addresses(names: Mapping[str, str]) -> Any:
    def asset(what: str, kind: str = "") -> str:
        """The address of a stylesheet (``css``; kind ``teaching``), of a page kind's script (``js``) or of an icon."""
        key = ICONS.get(what) or f"{kind or 'app'}.{what}"
        return address(f"/{ADDRESS}/{names[key]}")

    return asset
