"""The floor plan holds, the domain is pure, and the repository holds no documents and no machine's paths."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizapp.config import ROOT

DOMAIN = ROOT / "quizapp" / "domain"
BEYOND_STANDARD_LIBRARY = {"pydantic", "pydantic_core", "rapidfuzz", "quizapp"}
NO_PLACE_IN_THE_DOMAIN = {
    *("asyncio", "concurrent", "ctypes", "glob", "http", "importlib", "io", "logging", "multiprocessing", "os"),
    *("pathlib", "pickle", "random", "secrets", "shelve", "shutil", "signal", "socket", "sqlite3", "subprocess", "sys"),
    *("tempfile", "threading", "time", "urllib", "uuid", "zoneinfo"),
}
NO_CALL_IN_THE_DOMAIN = {
    *("open", "input", "print", "eval", "exec", "__import__"),
    *("now", "utcnow", "today", "fromtimestamp"),
}
LONGEST_RUN = 12

# --- imports ---------------------------------------------------------------------------------------------------------


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    environ = {**os.environ, "PYTHONPATH": "."}
    return subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True, env=environ)


def broken_contracts(output: str) -> str:
    return "\n".join(line for line in output.splitlines() if line.endswith(" BROKEN"))


def test_the_floor_plan_holds() -> None:
    checked = lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("__main__", "import quizapp.web", "__main__ only starts"),
        ("cli", "import quizapp.store", "only through services"),
        ("cli", "import quizapp.web", "One way down"),
        ("domain/entry", "import flask", "The domain knows no framework"),
        ("domain/entry", "import sqlalchemy", "The domain knows no framework"),
        ("domain/entry", "import yaml", "The domain knows no framework"),
        ("domain/item", "import quizapp.services", "One way down"),
        ("domain/items/single_choice", "import quizapp.domain.items.true_false", "Item types are independent"),
        ("formats", "import quizapp.store", "One way down"),
        ("formats", "import sqlalchemy", "Only the store knows SQL"),
        ("a_new_layer", "import json", "One way down"),
        ("services", "import quizapp.config", "Only create_app reads the settings"),
        ("services", "import quizapp.web", "One way down"),
        ("serving", "import quizapp.services", "How the app is served"),
        ("store", "from quizapp import create_app", "Nothing imports the root"),
        ("web", "import quizapp.formats", "only through services"),
        ("web", "import sqlalchemy", "Only the store knows SQL"),
    ],
)
def test_the_floor_plan_forbids(module: str, line: str, contract: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "quizapp", tmp_path / "quizapp", ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "quizapp" / module
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    assert contract in broken_contracts(lint_imports(tmp_path).stdout)


def domain_modules() -> list[Path]:
    return sorted(DOMAIN.rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr
            elif isinstance(node.func, ast.Name):
                yield node.func.id


@pytest.mark.parametrize("path", domain_modules(), ids=lambda path: str(path.relative_to(DOMAIN)))
def test_a_domain_module_imports_next_to_nothing(path: Path) -> None:
    allowed = (sys.stdlib_module_names - NO_PLACE_IN_THE_DOMAIN) | BEYOND_STANDARD_LIBRARY
    if path.parent.name == "statistics" and path.stem == "response_model":
        allowed = allowed | {"numpy"}
    names = set(imported(ast.parse(path.read_text(encoding="utf-8"))))
    assert {name for name in names if name.split(".")[0] not in allowed} == set()
    assert {name for name in names if name.startswith("quizapp") and not name.startswith("quizapp.domain")} == set()


@pytest.mark.parametrize("path", domain_modules(), ids=lambda path: str(path.relative_to(DOMAIN)))
def test_a_domain_module_asks_no_clock_and_opens_no_file(path: Path) -> None:
    assert set(called(ast.parse(path.read_text(encoding="utf-8")))) & NO_CALL_IN_THE_DOMAIN == set()


def test_the_domain_loads_no_framework() -> None:
    program = "import quizapp.domain.items, sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (
        set(loaded.stdout.split()) & {"click", "flask", "jinja2", "sqlalchemy", "werkzeug", "wtforms", "yaml"} == set()
    )


# --- what the repository holds ---------------------------------------------------------------------------------------


def repository_files() -> list[Path]:
    """Every file that is committed, or would be."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""  # a picture


def words_with_lines(text: str) -> list[tuple[str, int]]:
    """The words, without case and punctuation, each with the line on which it stands."""
    lines = enumerate(text.splitlines(), start=1)
    words = [(re.sub(r"[^\w]+", "", word.casefold()), number) for number, line in lines for word in line.split()]
    return [(word, number) for word, number in words if word]


def runs(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Every run of one word more than may be shared, with the line on which it begins."""
    numbered = words_with_lines(text)
    words = [word for word, _ in numbered]
    for start in range(len(words) - LONGEST_RUN):
        yield tuple(words[start : start + LONGEST_RUN + 1]), numbered[start][1]


@pytest.fixture(scope="module")
def document_texts(documents: Path) -> list[str]:
    return [text_of(path) for path in sorted(documents.glob("*.txt"))]


def shared_runs(text: str, known: set[tuple[str, ...]]) -> list[int]:
    return sorted({line for run, line in runs(text) if run in known})


@pytest.mark.documents
def test_the_repository_shares_no_more_than_twelve_words_in_a_row_with_a_document(document_texts: list[str]) -> None:
    known = {run for text in document_texts for run, _ in runs(text)}
    shared = {str(path.relative_to(ROOT)): shared_runs(text_of(path), known) for path in repository_files()}
    assert {name: lines for name, lines in shared.items() if lines} == {}


def test_thirteen_shared_words_are_found_across_lines_case_and_punctuation_and_twelve_are_not() -> None:
    known = {
        run for run, _ in runs("One two three four five six, seven eight nine ten eleven twelve thirteen fourteen.")
    }
    thirteen = "zero\none TWO «three» four five\nsix seven eight nine - ten eleven twelve thirteen"
    assert shared_runs(thirteen, known) == [2]
    assert shared_runs(thirteen.replace("thirteen", "and"), known) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    homes = "|".join(["home", "Users", "root", "work", "farm"])
    own_path = re.compile(rf"(?<![\w.:/~}}-])/(?:{homes})/\w|\b[A-Z]:\\\\?Users\\")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in repository_files()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if own_path.search(line)
    ]
    assert found == []
