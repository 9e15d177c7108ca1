"""`quizapp bank …` and `quizapp sources …` as they are typed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from quizapp import create_app
from quizapp.cli import main
from quizapp.config import Settings
from quizapp.services import audit, transactions
from tests import databases, own_bank

Run = Callable[..., Result]
COMMANDS = (
    ("bank", "check"), ("bank", "publish"), ("bank", "dump"), ("bank", "schema"), ("bank", "lint"),
    ("bank", "coverage"), ("bank", "import"), ("bank", "export"), ("sources", "attach"), ("sources", "check"),
)  # fmt: skip
CLOCKS = "question_bank/clocks.yaml"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> own_bank.Folders:
    """A good bank in the current folder."""
    monkeypatch.chdir(tmp_path)
    return own_bank.write(tmp_path)


@pytest.fixture
def own_app(own: own_bank.Folders, database_url: str) -> Iterator[Flask]:
    """The app with that bank in its settings, and an empty database."""
    settings = Settings(
        instance=own.root / "instance",
        secret_key="for tests only",
        database_url=database_url,
        bank_dir=own.bank,
        seeds_dir=own.seeds,
        documents=own.documents,
    )
    app = create_app(settings)
    yield app
    with app.app_context():
        databases.close(app)


@pytest.fixture
def run(own_app: Flask) -> Run:
    """What a command answers."""

    def typed(*words: str) -> Result:
        return CliRunner().invoke(main, words, obj=ScriptInfo(create_app=lambda: own_app))

    return typed


def spoil(old: str, new: str, file: str = CLOCKS) -> None:
    path = Path(file)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_helps_with_an_example(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*words, "--help"])
    assert result.exit_code == 0
    assert f"Example:\n    quizapp {' '.join(words)}" in result.stdout


def test_a_good_bank(run: Run) -> None:
    result = run("bank", "check")
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            "0 mistakes in 5 items, 1 quiz, 1 source with 3 passages, 1 dispute.",
            "12 quotes found in their documents.",
        ],
    )


def test_a_mistake_is_told_with_its_place_and_counted(run: Run) -> None:
    spoil("difficulty: 4", "difficulty: 9")
    result = run("bank", "check")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "question_bank/clocks.yaml:68:17: should be at most 5, not «9»"
    data = json.loads(run("bank", "check", "--json").stdout)
    assert data["mistakes"] == [{"file": CLOCKS, "line": 68, "column": 17, "message": "should be at most 5, not «9»"}]
    assert (data["items"], data["unattached"], data["refused"]) == (4, [], [])


def test_without_documents_one_line_says_so(run: Run, own: own_bank.Folders) -> None:
    result = run("bank", "check", "--documents", str(own.root / "nowhere"))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1:] == [
        f"Not verified, since {own.root / 'nowhere'} lacks the documents of hallow."
    ]


def test_a_folder_without_a_bank_is_a_wrong_call(run: Run, own: own_bank.Folders) -> None:
    assert run("bank", "check", "--root", str(own.root / "nowhere")).exit_code == 2
    assert run("bank", "chek").exit_code == 2


def test_publishing_twice_and_after_a_change(run: Run) -> None:
    assert run("bank", "publish").stdout.splitlines()[-1] == (
        "Published: 12 new, 0 changed, 0 back, 0 retired, 0 unchanged, 0 conflicts."
    )
    assert run("bank", "publish").stdout == (
        "Published: 0 new, 0 changed, 0 back, 0 retired, 12 unchanged, 0 conflicts.\n"
    )
    spoil("stem: The keeper trusted the new clock.", "stem: He trusted it.")
    assert run("bank", "publish").stdout.splitlines() == [
        "changed: item keeper-trust (stem)",
        "Published: 0 new, 1 changed, 0 back, 0 retired, 11 unchanged, 0 conflicts.",
    ]
    assert json.loads(run("bank", "publish", "--json").stdout)["unchanged"] == 12


def test_publishing_says_which_questions_wait_for_a_teacher(run: Run) -> None:
    run("bank", "publish")
    spoil("reliability: medium", "reliability: low", "seeds/hallow.yaml")
    assert "in use, and to be looked at by a teacher: 5 questions" in run("bank", "publish").stdout.splitlines()


def test_a_broken_bank_is_not_published(run: Run) -> None:
    spoil('"kept his glass"', '"kept his mirror"')
    result = run("bank", "publish")
    assert result.exit_code == 1
    assert "does not stand in this passage" in result.stdout
    assert result.stdout.splitlines()[-1] == "Nothing was published: 1 mistake."


def test_a_dump_is_accepted_and_never_overwrites(run: Run, own_app: Flask, own: own_bank.Folders) -> None:
    run("bank", "publish")
    folder = str(own.root / "dump")
    assert run("bank", "dump", folder).stdout == f"4 files written to {folder}.\n"
    with own_app.app_context():
        [line] = audit.page(transactions.session(), audit.Wanted(kind="bank"), sort="-when", number=1).lines
    assert (line.who, line.action, line.name) == ("command line", "export", "whole bank")
    assert ("format", "", "yaml") in line.changes
    assert run("bank", "check", "--root", folder).stdout.splitlines()[-1] == "12 quotes found in their documents."
    assert run("bank", "dump", folder).exit_code == 2


def test_a_dump_does_without_the_names_of_examples(run: Run, own: own_bank.Folders) -> None:
    example = Path(CLOCKS).read_text(encoding="utf-8").partition("  - id: keeper-glass")[0]
    example = example.replace("id: clock-bought", "id: example-date").replace("    not_with: [clock-order]\n", "")
    Path("question_bank/examples.yaml").write_text(
        example.replace("topic: clocks", "topic: examples"), encoding="utf-8"
    )
    spoil("not_with: [clock-order]", "not_with: [clock-order, example-date]")
    assert run("bank", "publish").exit_code == 0
    folder = own.root / "dump"
    run("bank", "dump", str(folder))
    assert "example-date" not in (folder / CLOCKS).read_text(encoding="utf-8")
    assert run("bank", "check", "--root", str(folder)).exit_code == 0


@pytest.mark.parametrize("kind", ["topic", "quizzes", "source", "disputes"])
def test_schemas_are_json(run: Run, kind: str) -> None:
    assert json.loads(run("bank", "schema", kind).stdout)["title"] == f"quizapp: a {kind} file"


def test_lint_says_what_to_look_at(run: Run) -> None:
    clean = run("bank", "lint")
    assert (clean.exit_code, clean.stdout.splitlines()[0]) == (0, "0 findings in 5 items.")
    spoil("stem: The keeper trusted the new clock.", "stem: The keeper did not trust the new clock.")
    found = run("bank", "lint")
    assert found.exit_code == 1
    assert found.stdout.startswith("question_bank/clocks.yaml:51:11: a negative, «not»")


def test_coverage_in_words_and_as_json(run: Run) -> None:
    words = run("bank", "coverage")
    assert words.exit_code == 0
    assert "Quoted of hallow: 36 of 159 words (23%; 33% at most)" in words.stdout
    data = json.loads(run("bank", "coverage", "--json").stdout)
    assert data["passages"] == {"hallow/bells": 3, "hallow/strike": 3, "hallow/verdict": 1}
    assert (data["distractors"], data["distractors_with_evidence"]) == (6, 4)


def test_attaching_recording_and_checking(run: Run, own: own_bank.Folders) -> None:
    assert run("sources", "check").stdout.splitlines() == [
        "hallow: verified, 36 of its 159 words quoted (23%)",
        "There is no edition record.",
    ]
    assert run("sources", "check").exit_code == 1
    assert run("sources", "check", "--record").exit_code == 0
    assert yaml.safe_load((own.seeds / "verified.yaml").read_text(encoding="utf-8"))["documents"][0]["words"] == 159
    result = run("sources", "check", "--json")
    assert (result.exit_code, json.loads(result.stdout)["record"]) == (0, "current")
    assert run("sources", "attach", str(own.documents)).stdout == "attached: hallow\n"
    assert run("sources", "attach", str(own.documents)).stdout == "attached before: hallow\n"


def test_a_changed_document_is_refused(run: Run, own: own_bank.Folders) -> None:
    (own.documents / "any name.txt").unlink()
    (own.documents / "keeper.txt").write_text("something else", encoding="utf-8")
    result = run("sources", "attach", str(own.documents))
    assert result.exit_code == 1
    assert "refused: «keeper.txt» (hallow) has changed: expected SHA-256" in result.stdout
    result = run("sources", "check", "--record")
    assert result.exit_code == 1
    assert "The edition record was not written" in result.stdout
    assert not (own.seeds / "verified.yaml").exists()
