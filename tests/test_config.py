import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from quizapp.config import ROOT, ConfigurationError, Settings, describe


def test_nothing_set_gives_an_installation_in_the_checkout() -> None:
    settings = Settings.from_environ({})
    assert settings.database_url == f"sqlite:///{ROOT}/instance/quizapp.sqlite"
    assert settings.documents == ROOT / "seeds" / "documents"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert (settings.workers, settings.threads) == (2, 4)


def test_defaults_follow_what_is_set(tmp_path: Path) -> None:
    settings = Settings.from_environ({"QUIZAPP_INSTANCE": str(tmp_path), "QUIZAPP_HOST": "0.0.0.0", "PORT": "8123"})
    assert settings.database_url == f"sqlite:///{tmp_path}/quizapp.sqlite"
    assert settings.public_url == "http://127.0.0.1:8123"


def test_an_empty_variable_counts_as_absent() -> None:
    assert Settings.from_environ({"QUIZAPP_TIME_ZONE": "", "PORT": ""}) == Settings.from_environ({})


def test_folders_are_found_from_the_root_of_the_checkout() -> None:
    assert Settings.from_environ({"QUIZAPP_DOCUMENTS": "elsewhere"}).documents == ROOT / "elsewhere"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_gets_its_driver(scheme: str) -> None:
    settings = Settings.from_environ({"QUIZAPP_DATABASE_URL": f"{scheme}://quiz@db/quiz"})
    assert settings.database_url == "postgresql+psycopg://quiz@db/quiz"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45s", timedelta(seconds=45)),
        ("90 min", timedelta(minutes=90)),
        ("2 h", timedelta(hours=2)),
        ("30 d", timedelta(30)),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, expected: timedelta) -> None:
    assert Settings.from_environ({"QUIZAPP_SESSION_LIFETIME": text}).session_lifetime == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("QUIZAPP_DATABASE_URL", "mysql://quiz"),
        ("QUIZAPP_HOST", "two words"),
        ("QUIZAPP_LOG_FORMAT", "xml"),
        ("QUIZAPP_LOG_LEVEL", "loud"),
        ("QUIZAPP_PASSWORD_HASHING", "none"),
        ("QUIZAPP_PUBLIC_URL", "quiz.example.org"),
        ("QUIZAPP_RATE_LIMIT_STORAGE", "disk"),
        ("QUIZAPP_SECURE_COOKIES", "perhaps"),
        ("QUIZAPP_SESSION_LIFETIME", "0 d"),
        ("QUIZAPP_SESSION_LIFETIME", "a week"),
        ("QUIZAPP_SIGN_IN_LIMIT", "often"),
        ("QUIZAPP_THREADS", "0"),
        ("QUIZAPP_TIME_ZONE", "Petrograd"),
        ("QUIZAPP_TIME_ZONE", "../etc/passwd"),
        ("QUIZAPP_TRUST_PROXY", "-1"),
        ("QUIZAPP_WORKERS", "many"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_what_it_is(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        Settings.from_environ({name: value})
    assert raised.value.problems[0].startswith(f"{name} ")
    assert raised.value.problems[0].endswith(f"(it is {value})")


def test_every_mistake_is_reported_at_once() -> None:
    environ = {"PORT": "x", "QUIZAPP_WORKERS": "y", "QUIZAPP_DATABSE_URL": "sqlite:///z", "QUIZAPP_QQQ": "1"}
    with pytest.raises(ConfigurationError) as raised:
        Settings.from_environ(environ)
    message = raised.value.format_message()
    assert "QUIZAPP_DATABSE_URL is not a setting; did you mean QUIZAPP_DATABASE_URL?" in message
    assert "QUIZAPP_QQQ is not a setting" in message
    assert len(raised.value.problems) == 4


def test_what_the_tests_demand_is_no_setting_and_no_mistake() -> None:
    assert Settings.from_environ({"QUIZAPP_REQUIRE_DOCUMENTS": "1"}) == Settings.from_environ({})


def test_settings_are_fixed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().port = 9  # type: ignore[misc]


def test_the_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path / "new")
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: settings.signing_key(), range(64)))
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert [path.name for path in settings.instance.iterdir()] == ["secret_key"]
    if os.name == "posix":
        assert stat.S_IMODE((settings.instance / "secret_key").stat().st_mode) == 0o600


def test_a_key_that_is_set_is_used_and_nothing_kept(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path / "new", secret_key="from the environment")
    assert settings.signing_key() == "from the environment"
    assert not settings.instance.exists()


def test_the_table_names_every_setting_with_default_and_meaning() -> None:
    rows = describe(Settings())
    assert len(rows) == len(Settings.model_fields)
    assert all(
        row.name in {"PORT", f"QUIZAPP_{field.upper()}"} for row, field in zip(rows, Settings.model_fields, strict=True)
    )
    assert all(row.meaning and (row.default or row.name == "QUIZAPP_SECRET_KEY") for row in rows)
    by_name = {row.name: row for row in rows}
    assert by_name["QUIZAPP_SESSION_LIFETIME"].value == "14 d"
    assert by_name["QUIZAPP_BANK_DIR"].default == "question_bank"


def test_a_default_in_the_table_gives_that_default_when_set() -> None:
    spelt = {row.name: row.default for row in describe(Settings()) if not row.default.startswith(("SQLite", "made"))}
    spelt.pop("QUIZAPP_PUBLIC_URL")
    assert Settings.from_environ(spelt) == Settings.from_environ({})


def test_the_table_masks_secrets() -> None:
    settings = Settings.from_environ(
        {
            "QUIZAPP_SECRET_KEY": "hunter2",
            "QUIZAPP_DATABASE_URL": "postgresql://quiz:hunter2@db/quiz",
            "QUIZAPP_RATE_LIMIT_STORAGE": "redis://:hunter2@cache:6379",
        }
    )
    shown = "\n".join(row.value for row in describe(settings))
    assert "hunter2" not in shown
    assert "postgresql+psycopg://quiz:…@db/quiz" in shown


def test_a_secret_that_cannot_be_used_is_not_shown_either() -> None:
    with pytest.raises(ConfigurationError) as raised:
        Settings.from_environ({"QUIZAPP_DATABASE_URL": "mysql://quiz:hunter2@db/quiz"})
    assert "hunter2" not in raised.value.format_message()
