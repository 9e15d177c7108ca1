"""Stylesheets and scripts: joined, hashed, compressed, kept for ever, and small."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.config import ROOT
from quizapp.web import assets

FIRST_PAGE_BYTES = 30_000
ADDRESS = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def addresses(client: FlaskClient) -> list[str]:
    return ADDRESS.findall(client.get("/nothing").text)


def test_a_name_changes_with_the_content(tmp_path: Path) -> None:
    folder = assets._writable(tmp_path) / "build"
    one, same, other = (assets.store(folder, "app.css", text) for text in (b"a{}", b"a{}", b"b{}"))
    assert one == same
    assert one != other
    assert re.fullmatch(r"app-[0-9a-f]{12}\.css", one)
    assert gzip.decompress((folder / f"{one}.gz").read_bytes()) == b"a{}"


def test_every_stylesheet_is_in_and_print_comes_last() -> None:
    built = dict(assets.build(ROOT / "static"))
    joined = built["app.css"].decode()
    apart = dict.fromkeys(assets.TEACHING_STYLES, "teaching.css") | dict.fromkeys(assets.HELP_STYLES, "help.css")
    for path in (ROOT / "static" / "css").glob("*.css"):
        sheet = built[apart.get(path.stem, "app.css")].decode()
        assert assets.packed(path.read_text(encoding="utf-8")) in sheet, path
    assert joined.endswith(assets.packed((ROOT / "static" / "css" / "print.css").read_text(encoding="utf-8")))
    assert "/*" not in joined


def test_browsers_keep_what_never_changes(client: FlaskClient) -> None:
    for address in addresses(client):
        headers = client.get(address, buffered=True).headers
        assert "immutable" in headers["Cache-Control"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in headers


def test_the_first_page_is_small(client: FlaskClient) -> None:
    wanted = [one for one in ADDRESS.findall(client.get("/").text) if "touch-icon" not in one]
    answers = [client.get(one, headers={"Accept-Encoding": "gzip"}, buffered=True) for one in ("/", *wanted)]
    assert len(answers) <= 5
    assert sum(len(answer.data) for answer in answers) <= FIRST_PAGE_BYTES


def test_two_processes_build_the_same(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "assets" / "build"
    folder.mkdir(parents=True)
    again = {name: assets.store(folder, name, content) for name, content in assets.build(ROOT / "static")}
    assert again == app.config["ASSETS"]


def test_a_folder_that_cannot_be_written_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert assets._writable(tmp_path / "file" / "assets").is_dir()


# --- scripts ---------------------------------------------------------------------------------------------------------


def modules(folder: Path, **sources: str) -> Path:
    for name, source in sources.items():
        (folder / f"{name}.js").write_text(source)
    return folder


def test_a_module_comes_after_what_it_imports_and_once(tmp_path: Path) -> None:
    folder = modules(
        tmp_path,
        clock="export function now() { return 7; }\nconst hidden = 1;\n",
        timer='import { now as clock } from "./clock.js";\nconst hidden = 2;\nexport const left = clock() + hidden;\n',
        page='import { left } from "./timer.js";\nimport { now } from "./clock.js";\nconsole.log(left + now());\n',
    )
    joined = assets.join_scripts(folder, ("page", "clock"))
    assert [joined.count(f"const ${name} =") for name in ("clock", "timer", "page")] == [1, 1, 1]
    assert joined.index("$clock =") < joined.index("$timer =") < joined.index("$page =")
    assert "import" not in joined
    assert "export" not in joined
    node = which("node")
    if node:
        ran = subprocess.run([node, "--input-type=module", "-e", joined], capture_output=True, text=True, check=True)
        assert ran.stdout == "16\n"


def test_a_packed_script_says_the_same_in_fewer_bytes() -> None:
    packed = assets.packed_script(
        "// What it is about.\nconst LATE = 5; // seconds;\n\nfunction tell(who) {\n"
        '  const words = `Hello, ${who ?? "you"}: it is late; go on`;\n'
        '  if (LATE === 5 && who !== "a, b") return words;\n  return null;\n}\n'
    )
    assert packed == (
        'const LATE=5;function tell(who){const words=`Hello, ${who??"you"}: it is late; go on`;'
        'if (LATE===5&&who!=="a, b") return words;return null;}\n'
    )


@pytest.mark.parametrize("kind", sorted(assets.PAGE_SCRIPTS))
def test_every_page_kind_joins(kind: str) -> None:
    joined = assets.join_scripts(ROOT / "static" / "js", assets.PAGE_SCRIPTS[kind])
    assert not re.search(r"^(import|export)\b", joined, re.MULTILINE)


def test_a_page_takes_from_the_base_script_what_that_holds_already() -> None:
    built = {name: content.decode() for name, content in assets.build(ROOT / "static") if name.endswith(".js")}
    base = assets.hashed("base.js", built["base.js"].encode())
    taken = re.match(r'import \{(.+)\} from "\./([^"]+)";\n', built["question.js"])
    assert taken is not None
    assert taken[2] == base
    given = set(re.findall(r"\$\w+", built["base.js"].rpartition("export ")[2]))
    assert set(taken[1].split(", ")) <= given
    defined = [re.findall(r"^const (\$\w+) = \(\(\)", built[name], re.MULTILINE) for name in ("base.js", "question.js")]
    assert not set(defined[0]) & set(defined[1])


def test_every_script_belongs_to_a_page_kind() -> None:
    entries = {entry for kind in assets.PAGE_SCRIPTS.values() for entry in kind}
    entries |= set(assets.item_scripts(ROOT / "static" / "js"))
    used: dict[str, str] = {}
    for entry in entries:
        assets._collect(ROOT / "static" / "js", entry, used)
    assert {path.stem for path in (ROOT / "static" / "js").glob("*.js")} == set(used)


def test_processes_that_start_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from quizapp import create_app; from quizapp.config import Settings\n"
        "app = create_app(Settings(instance=Path(sys.argv[1]), secret_key='for tests only'))\n"
        "print(*app.config['ASSETS'].values())"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = {one.communicate()[0] for one in started}
    assert [one.returncode for one in started] == [0, 0, 0, 0]
    assert len(said) == 1
    assert not list((tmp_path / "assets").glob("draft-*"))
