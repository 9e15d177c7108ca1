"""Every setting: its name, default and meaning. Settings come from environment variables, never from files."""

import difflib
import os
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self
from zoneinfo import ZoneInfo

import click
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "QUIZAPP_"

_NOT_PREFIXED = {"port": "PORT"}
_FOR_TESTS = "QUIZAPP_REQUIRE_"
_SECRETS = {"secret_key"}
_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}


class ConfigurationError(click.ClickException):
    """Settings that cannot be used; says all that is wrong with them, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(["the settings cannot be used:", *(f"  {problem}" for problem in problems)]))
        self.problems = problems


class Described(NamedTuple):
    """One line of the settings table; secrets are masked."""

    name: str
    value: str
    default: str
    meaning: str


def _duration(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"(\d+) ?(s|min|h|d)", value.strip())
    if found is None:
        raise ValueError("should be a whole number and s, min, h or d, such as 14 d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise ValueError("should be a time zone such as Europe/Berlin") from None
    return name


def _limits(text: str) -> str:
    one = r"\s*\d+\s*(/|per)\s*(\d+\s*)?(second|minute|hour|day)s?\s*"
    if not re.fullmatch(rf"{one}([;,]{one})*", text):
        raise ValueError("should be limits such as 10 per minute; 60 per hour")
    return text


def _with_driver(url: str) -> str:
    url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("should begin with sqlite:/// or postgresql+psycopg://")
    return url


def _storage(url: str) -> str:
    if not url.startswith(("memory://", "redis://", "rediss://", "unix://")):
        raise ValueError("should be memory:// or begin with redis://")
    return url


def _from_root(path: Path) -> Path:
    return ROOT / path.expanduser()


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


Folder = Annotated[Path, AfterValidator(_from_root)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]


def _sqlite_in_instance(data: dict[str, Any]) -> str:
    return f"sqlite:///{data['instance'] / 'quizapp.sqlite'}" if "instance" in data else ""


def _own_address(data: dict[str, Any]) -> str:
    host = data.get("host", "")
    return f"http://{'127.0.0.1' if host in {'', '0.0.0.0', '::'} else host}:{data.get('port')}"  # noqa: S104 compared only


class Settings(BaseModel):
    """All settings of one installation; values are checked when it is made, and fixed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    instance: Folder = Field(
        ROOT / "instance", description="folder of what this installation keeps: database, secret key"
    )
    database_url: Annotated[str, AfterValidator(_with_driver)] = Field(
        default_factory=_sqlite_in_instance,
        description="the database: sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME",
        json_schema_extra={"default": "SQLite in QUIZAPP_INSTANCE"},
    )
    database_wait: Duration = Field(
        timedelta(seconds=10),
        gt=timedelta(0),
        description="how long a request waits for a database that is locked or silent before it says so",
    )
    database_pooler: Literal["none", "transaction"] = Field(
        "none",
        description="transaction where a pooler such as PgBouncer gives each transaction any connection to PostgreSQL",
    )
    secret_key: str = Field(
        "",
        description="signs cookies; whoever knows it can sign in as anybody. The same for every process",
        json_schema_extra={"default": "made once and kept in QUIZAPP_INSTANCE"},
    )
    documents: Folder = Field(
        ROOT / "seeds" / "documents", description="folder of the source documents, attached at start"
    )
    bank_dir: Folder = Field(ROOT / "question_bank", description="folder of the curated question bank")
    seeds_dir: Folder = Field(ROOT / "seeds", description="folder of the catalogue of sources")
    host: str = Field(
        "127.0.0.1", pattern=r"^[^\s/]+$", description="address to listen on; 0.0.0.0 lets other machines in"
    )
    port: int = Field(8000, ge=1, le=65535, description="port to listen on")
    public_url: str = Field(
        default_factory=_own_address,
        pattern=r"^https?://[^\s/]+(/[^\s]*)?$",
        description="address by which people reach the app; stands in links that the app prints",
        json_schema_extra={"default": "http://HOST:PORT"},
    )
    workers: int = Field(2, ge=1, le=64, description="processes that answer requests")
    threads: int = Field(4, ge=1, le=64, description="threads in each of them")
    trust_proxy: int = Field(
        0, ge=0, le=10, description="how many proxies in front are trusted to say who asks and whether by TLS"
    )
    secure_cookies: Literal["auto", "on", "off"] = Field(
        "auto", description="cookies by TLS only: on, off, or auto (on for whoever comes by TLS)"
    )
    session_lifetime: Duration = Field(
        timedelta(days=14), gt=timedelta(0), description="how long a sign-in lasts without a visit"
    )
    sign_in_limit: Annotated[str, AfterValidator(_limits)] = Field(
        "10 per minute; 60 per hour",
        description="how often one address may fail to sign in; only failed sign-ins count",
    )
    rate_limit_storage: Annotated[str, AfterValidator(_storage)] = Field(
        "memory://", description="where limits are counted: memory:// (each process for itself) or redis://HOST:PORT"
    )
    password_hashing: Literal["strong", "cheap"] = Field("strong", description="cheap is for tests alone")
    time_zone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "UTC", description="zone in which times are shown to whoever has chosen none"
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="text for people, json (one object a line) for machines"
    )

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """The settings that the environment names; an empty variable counts as absent.

        Raises ConfigurationError with everything that is wrong, misspelt names included.
        """
        given = {field: environ.get(_name(field), "").strip() for field in cls.model_fields}
        given = {field: value for field, value in given.items() if value}
        problems = _misspelt(environ)
        try:
            settings = cls.model_validate(given)
        except ValidationError as error:
            raise ConfigurationError([*problems, *_problems(error, given)]) from None
        if problems:
            raise ConfigurationError(problems)
        return settings

    def signing_key(self) -> str:
        """The secret key: the one that is set, else the one kept in the instance folder, made at the first call."""
        return self.secret_key or _kept_key(self.instance / "secret_key")


def describe(settings: Settings) -> list[Described]:
    """Every setting with its value, default and meaning, in the order in which they are declared."""
    return [
        Described(_name(field), _shown(field, getattr(settings, field)), _default(info), info.description or "")
        for field, info in Settings.model_fields.items()
    ]


def _name(field: str) -> str:
    return _NOT_PREFIXED.get(field, PREFIX + field.upper())


def _misspelt(environ: Mapping[str, str]) -> list[str]:
    names = [_name(field) for field in Settings.model_fields]
    strange = sorted(
        name for name in environ if name.startswith(PREFIX) and not name.startswith(_FOR_TESTS) and name not in names
    )
    return [f"{name} is not a setting{_nearest(name, names)}" for name in strange]


def _nearest(name: str, names: list[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1)
    return f"; did you mean {near[0]}?" if near else "; `quizapp config` lists them"


def _problems(error: ValidationError, given: Mapping[str, str]) -> list[str]:
    """One line for each value given that cannot be used; a default that follows from it is not to blame."""
    blamed = [detail for detail in error.errors(include_url=False) if detail["loc"][0] in given]
    return [_problem(str(detail["loc"][0]), detail["msg"], given) for detail in blamed]


def _problem(field: str, message: str, given: Mapping[str, str]) -> str:
    message = message.removeprefix("Value error, ").removeprefix("Input ").removeprefix("String ")
    return f"{_name(field)} {message} (it is {_shown(field, given[field])})"


def _default(info: FieldInfo) -> str:
    extra = info.json_schema_extra
    if isinstance(extra, dict) and "default" in extra:
        return str(extra["default"])
    return _text(info.default)


def _shown(field: str, value: object) -> str:
    if field in _SECRETS:
        return "(set)" if value else "(kept in the instance folder)"
    return re.sub(r"(://[^:/@\s]*):[^@\s]*@", r"\1:…@", _text(value))


def _text(value: object) -> str:
    if isinstance(value, timedelta):
        return _in_units(int(value.total_seconds()))
    if isinstance(value, Path) and value.is_relative_to(ROOT):
        return str(value.relative_to(ROOT))
    return str(value)


def _in_units(seconds: int) -> str:
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds and seconds % length == 0:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def _kept_key(path: Path) -> str:
    """The key in this file. Whichever process comes first writes it whole, so that all processes read the same one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600, exist_ok=False)
        draft.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
