"""One frozen ``Settings``, read from ``CICLO_*`` variables and ``.env``, checked at the start.

``settings()`` is read on first use and then kept; ``load()`` reads afresh (the start of a process,
a test). A bad value raises ``InvalidInput`` with one sentence: the variable, the value, what is
allowed. ``.env.example`` documents each variable.
"""

import os
import re
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import InvalidInput

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "data" / "samples"
NAME = r"[A-Za-z0-9_.-]*|\[[0-9A-Fa-f:.]+\]"
ADDRESS = re.compile(rf"(?:(https?)://)?([^\s/@]+@)?({NAME})(?::([0-9]{{1,5}}))?(/[^\s?#]*)?")
WEB = re.compile(r"https?://[^\s/?#]+\S*")
MAIL_SERVER = re.compile(
    r"(?P<scheme>smtps?)://(?:(?P<user>[^\s:@/]+):(?P<password>[^\s@/]*)@)?"
    rf"(?P<host>{NAME})(?::(?P<port>[0-9]{{1,5}}))?/?(?P<tls>\?starttls)?"
)
MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
SERVER = re.compile(r"([a-z][a-z0-9-]{0,39})\s*=\s*(https?://[^\s/?#]+(?:/[^\s?#]*)?)")
LIMIT = re.compile(
    r"[1-9][0-9]{0,6}/([1-9][0-9]{0,3} ?)?(second|minute|hour|day)s?( by (person|token|address))?"
)
GIVEN = re.compile(r"([^,]+)=((?: *\b(?:viewer|analyst|reviewer|admin)\b)+) *")
SECRET = (
    "CICLO_ALERT_WEBHOOK",
    "CICLO_ALERT_WEBHOOK_SECRET",
    "CICLO_SMTP_URL",
    "CICLO_BACKUP_KEY",
    "CICLO_SECRET_KEY",
    "CICLO_DATABASE_KEY",
    "CICLO_OIDC_CLIENT_SECRET",
)
HERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # what a server listens on
OLLAMA_PORT = "11434"


class Settings(BaseSettings):
    """What an operator can set. Times in seconds, sizes in MiB."""

    model_config = SettingsConfigDict(
        env_prefix="CICLO_",
        env_file=ROOT / ".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    profile: Literal["dev", "prod"] = "dev"
    home: Path = ROOT / "data"
    host: str = "127.0.0.1"
    port: int = Field(8501, ge=1, le=65535)
    allowed_hosts: str = ""
    auth: Literal["local", "accounts", "oidc"] = "local"
    public_url: str = ""
    plain_http: bool = False
    proxies: str = ""
    session_hours: float = Field(12, gt=0)
    session_days: float = Field(30, gt=0)
    oidc_issuer: str = Field("", validate_default=True)
    oidc_client_id: str = Field("", validate_default=True)
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_roles_claim: str = "roles"
    oidc_roles: str = ""
    jwt_issuer: str = ""
    jwt_audience: str = Field("", validate_default=True)
    jwt_roles_claim: str = "roles"
    limit_ask: str = ""
    limit_search: str = ""
    limit_upload: str = ""
    limit_sign_in: str = ""
    answers_at_once: int = Field(0, ge=0)
    secret_key: SecretStr = SecretStr("")
    database_key: SecretStr = SecretStr("")
    reachable: str = ""
    database_url: str = ""
    ollama_url: str = ""
    ollama_pull: bool = False
    openai_url: str = "https://api.openai.com/v1"
    servers: str = ""
    language: Literal["", "pt-BR", "en"] = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    slow_query_ms: int = Field(500, ge=1)
    max_upload_mb: int = Field(50, ge=1, le=2000)
    read_seconds: float = Field(60, gt=0, le=3600)
    read_memory_mb: int = Field(1024, ge=512)
    answer_silence_s: float = Field(15, gt=0)
    answer_loading_s: float = Field(120, gt=0)
    answer_total_s: float = Field(600, gt=0)
    answer_retries: int = Field(2, ge=0, le=10)
    breaker_failures: int = Field(5, ge=1, le=1000)
    breaker_window_s: float = Field(60, gt=0)
    breaker_rest_s: float = Field(30, gt=0)
    cache_seconds: float = Field(604_800, ge=0)
    redis_url: str = ""
    trace_days: int = Field(30, ge=0)
    show_personal_data: bool = False
    review_rest_minutes: float = Field(5, ge=0, le=1440)
    alert_webhook: SecretStr = SecretStr("")
    alert_webhook_secret: SecretStr = SecretStr("")
    smtp_url: SecretStr = SecretStr("")
    alert_mail_to: str = ""
    alert_mail_from: str = ""
    backup_dir: Path | None = None
    backup_key: SecretStr = SecretStr("")
    backup_hours: float = Field(24, ge=0)
    backup_daily: int = Field(7, ge=0)
    backup_weekly: int = Field(4, ge=0)
    backup_monthly: int = Field(6, ge=0)

    @field_validator("home", mode="after")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().resolve()

    @field_validator("backup_dir", mode="after")
    @classmethod
    def _a_folder(cls, folder: Path | None) -> Path | None:
        return folder.expanduser().resolve() if folder else None

    @field_validator("ollama_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        if url:
            ollama_address(url)
        return url

    @field_validator("oidc_issuer", "jwt_issuer")
    @classmethod
    def _an_issuer(cls, url: str, info: ValidationInfo) -> str:
        if not url and info.field_name == "oidc_issuer" and info.data.get("auth") == "oidc":
            raise _bad("CICLO_AUTH=oidc needs the provider's address")
        if not url or is_private(url):
            return url
        raise _bad("Input should be an address such as https://login.example.org, without ? or #")

    @field_validator("oidc_client_id")
    @classmethod
    def _a_client(cls, name: str, info: ValidationInfo) -> str:
        if name or info.data.get("auth") != "oidc":
            return name
        raise _bad("CICLO_AUTH=oidc needs what the provider calls us")

    @field_validator("jwt_audience")
    @classmethod
    def _an_audience(cls, name: str, info: ValidationInfo) -> str:
        if name or not info.data.get("jwt_issuer"):
            return name
        raise _bad("CICLO_JWT_ISSUER needs the audience that its tokens for Ciclo are made for")

    @field_validator("oidc_roles")
    @classmethod
    def _given_roles(cls, roles: str) -> str:
        if all(GIVEN.fullmatch(part) for part in roles.split(",") if part.strip()):
            return roles
        raise _bad("Input should be such as staff=analyst,bosses=admin analyst")

    @field_validator("openai_url")
    @classmethod
    def _a_whole_address(cls, url: str) -> str:
        if re.fullmatch(r"https?://[^\s/]+(/\S*)?", url):
            return url
        raise _bad("Input should be an address such as http://127.0.0.1:8000/v1")

    @field_validator("public_url")
    @classmethod
    def _where_browsers_go(cls, url: str) -> str:
        if not url or re.fullmatch(rf"https?://({NAME})(:[0-9]{{1,5}})?/?", url):
            return url
        raise _bad("Input should be an address without a path such as https://ciclo.example.org")

    @field_validator("proxies")
    @classmethod
    def _networks(cls, names: str) -> str:
        try:
            for part in names.split(","):
                ip_network(part.strip() or "127.0.0.1", strict=False)
        except ValueError:
            raise _bad(
                "Input should be addresses or networks such as 127.0.0.1, 10.0.0.0/8"
            ) from None
        return names

    @field_validator("servers")
    @classmethod
    def _named_servers(cls, servers: str) -> str:
        if all(SERVER.fullmatch(part.strip()) for part in servers.split(",") if part.strip()):
            return servers
        raise _bad("Input should be names and addresses such as lab=http://10.0.0.5:8000/v1")

    @field_validator("allowed_hosts")
    @classmethod
    def _bare_names(cls, names: str) -> str:
        if all(re.fullmatch(NAME, name.strip()) for name in names.split(",")):
            return names
        raise _bad("Input should be names such as ciclo.example, with commas between them")

    @field_validator("redis_url")
    @classmethod
    def _a_redis(cls, url: str) -> str:
        if not url or url.startswith(("redis://", "rediss://", "unix://")):
            return url
        raise _bad("Input should be an address such as redis://127.0.0.1:6379/0")

    @field_validator("alert_webhook")
    @classmethod
    def _a_web_address(cls, url: SecretStr) -> SecretStr:
        if not url.get_secret_value() or WEB.fullmatch(url.get_secret_value()):
            return url
        raise _bad("Input should be an address such as https://hooks.example/ciclo")

    @field_validator("smtp_url")
    @classmethod
    def _a_mail_server(cls, url: SecretStr) -> SecretStr:
        if not url.get_secret_value():
            return url
        found = MAIL_SERVER.fullmatch(url.get_secret_value())
        if not found or int(found["port"] or 0) > 65535:
            raise _bad("Input should be an address such as smtp://user:password@host:587?starttls")
        open_ = found["scheme"] == "smtp" and not found["tls"] and not is_loopback(found["host"])
        if found["user"] and open_:
            raise _bad("A password goes to other machines with smtps:// or ?starttls alone")
        return url

    @field_validator("alert_mail_to", "alert_mail_from")
    @classmethod
    def _mail_addresses(cls, names: str) -> str:
        if all(MAILBOX.fullmatch(part.strip()) for part in names.split(",") if part.strip()):
            return names
        raise _bad("Input should be addresses such as ana@example.com, with commas between them")

    @field_validator("reachable")
    @classmethod
    def _names_or_networks(cls, names: str) -> str:
        parts = [part.strip() for part in names.split(",") if part.strip()]
        if all(re.fullmatch(rf"(?:{NAME}|[0-9A-Fa-f:.]+)(?:/[0-9]{{1,3}})?", one) for one in parts):
            return names
        raise _bad("Input should be names or networks such as lab.local, 10.0.0.0/8")

    @field_validator("limit_ask", "limit_search", "limit_upload", "limit_sign_in")
    @classmethod
    def _how_often(cls, text: str) -> str:
        parts = [part.strip() for part in text.split(";") if part.strip()]
        if text in ("", "off") or (parts and all(LIMIT.fullmatch(part) for part in parts)):
            return text
        raise _bad("Input should be off, or such as 60/minute; 600/hour by address")

    @field_validator("database_key")
    @classmethod
    def _a_raw_key(cls, key: SecretStr) -> SecretStr:
        if re.fullmatch(r"(?:[0-9A-Fa-f]{64})?", key.get_secret_value()):
            return key
        raise _bad("Input should be 64 hexadecimal digits, as `ciclo database key` prints them")

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, url: str) -> str:
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError

        try:
            if url:
                make_url(url).get_dialect().import_dbapi()
        except ArgumentError:
            raise _bad("Input should be an address such as sqlite:////srv/ciclo.db") from None
        except ImportError as error:
            raise _bad("Its driver {name} is not installed", name=error.name) from None
        return url

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names a request may carry besides the loopback ones: those allowed, and with sign-in the
        public address and the one it listens on."""
        more = (urlsplit(self.public_url).hostname or "", self.host.strip("[]").lower())
        named = (*self.proxied_hosts, *(more if self.auth != "local" else ()))
        return tuple(dict.fromkeys(name for name in named if name))

    @property
    def proxied_hosts(self) -> tuple[str, ...]:
        """The allowed names: a proxy stands under them, perhaps on another port."""
        return tuple(name.strip().lower() for name in self.allowed_hosts.split(",") if name.strip())

    @property
    def given_roles(self) -> dict[str, tuple[str, ...]]:
        """What the issuer calls a role or a group -> our roles that it gives."""
        found = (GIVEN.fullmatch(part) for part in self.oidc_roles.split(","))
        return {match[1].strip(): tuple(match[2].split()) for match in found if match}

    @property
    def alert_recipients(self) -> tuple[str, ...]:
        """Who gets mail of alerts."""
        return tuple(name.strip() for name in self.alert_mail_to.split(",") if name.strip())

    @property
    def longest_silence(self) -> float:
        """How long a model may be silent at most, in seconds: while it loads."""
        return max(self.answer_silence_s, self.answer_loading_s)

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the database."""
        return self.database_url or f"sqlite:///{self.home / 'ciclo.db'}"

    @property
    def named_servers(self) -> dict[str, str]:
        """The servers that speak OpenAI's protocol: name -> address."""
        found = (SERVER.fullmatch(part.strip()) for part in self.servers.split(","))
        return {match[1]: match[2].rstrip("/") for match in found if match}

    @property
    def ollama(self) -> str:
        """Where Ollama is looked for: CICLO_OLLAMA_URL, else OLLAMA_HOST, else its usual port."""
        return ollama_address(self.ollama_url or os.environ.get("OLLAMA_HOST", ""))


def ollama_address(given: str) -> str:
    """``given`` as Ollama itself reads it: scheme, name and port may each be left out."""
    found = ADDRESS.fullmatch(given.strip())
    if found is None or int(found[4] or 0) > 65535:
        raise _bad(f"Input should be an address such as http://127.0.0.1:{OLLAMA_PORT}")
    scheme, user, name, port, path = (part or "" for part in found.groups())
    port = port or ("" if scheme else OLLAMA_PORT)  # a whole URL has its scheme's usual port
    return f"{scheme or 'http'}://{user}{HERE.get(name, name)}{port and ':' + port}{path}".rstrip(
        "/"
    )


def is_loopback(host: str) -> bool:
    """Whether ``host`` names this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_private(url: str) -> bool:
    """Whether nobody on the way reads what goes to ``url``: HTTPS, or this machine; no user, no query."""
    parts = urlsplit(url)
    if parts.username is not None or parts.query or parts.fragment or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))


def load(**overrides: Any) -> Settings:
    """Read the settings afresh, or raise InvalidInput with one sentence about the first bad one."""
    try:
        read = Settings(**overrides)
    except ValidationError as error:
        raise InvalidInput(_sentence(error), field=_variable(error)) from None
    try:
        assert read.ollama
    except PydanticCustomError as error:  # not ours, but read where CICLO_OLLAMA_URL is not set
        name = "OLLAMA_HOST"
        raise InvalidInput(_line(name, os.environ[name], str(error)), field=name) from None
    return read


@cache
def settings() -> Settings:
    """The settings of this process."""
    return load()


def _variable(error: ValidationError) -> str:
    return "CICLO_" + "_".join(str(part) for part in error.errors()[0]["loc"]).upper()


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    return _line(_variable(error), first["input"], first["msg"])


def _line(variable: str, value: Any, allowed: str) -> str:
    shown = re.sub(r"(://[^:/@\s]*):[^/@\s]*@", r"\1:***@", repr(value))  # no passwords
    shown = "***" if variable in SECRET else shown
    return f"{variable}={shown}: {allowed.rstrip('.')}."


def _bad(allowed: str, **facts: Any) -> PydanticCustomError:
    return PydanticCustomError("not_allowed", allowed, facts)
