"""One frozen ``Settings``, read from ``CICLO_*`` variables and ``.env``, checked at the start.

``settings()`` is read on first use and then kept; ``load()`` reads afresh (the start of a process,
a test). A bad value raises ``InvalidInput`` with one sentence: the variable, the value, what is
allowed. ``.env.example`` documents each variable.
"""

import os
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import InvalidInput

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "data" / "samples"


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
    auth: Literal["local"] = "local"
    database_url: str = ""
    ollama_url: str = ""
    ollama_pull: bool = False
    language: Literal["", "pt-BR", "en"] = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    slow_query_ms: int = Field(500, ge=1)
    max_upload_mb: int = Field(50, ge=1, le=2000)
    read_seconds: float = Field(60, gt=0, le=3600)
    read_memory_mb: int = Field(1024, ge=512)
    answer_silence_s: float = Field(120, gt=0)

    @field_validator("home", mode="after")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().resolve()

    @property
    def loopback(self) -> bool:
        """True when nothing beyond this machine can connect."""
        return is_loopback(self.host)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names a request may carry besides the loopback ones."""
        return tuple(name.strip().lower() for name in self.allowed_hosts.split(",") if name.strip())

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the database."""
        return self.database_url or f"sqlite:///{self.home / 'ciclo.db'}"

    @property
    def ollama(self) -> str:
        """Where Ollama is looked for: CICLO_OLLAMA_URL, else OLLAMA_HOST, else its usual port."""
        url = self.ollama_url or os.environ.get("OLLAMA_HOST", "") or "127.0.0.1:11434"
        url = url if "://" in url else f"http://{url}"
        return url.replace("://0.0.0.0", "://127.0.0.1").rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether ``host`` names this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def load(**overrides: Any) -> Settings:
    """Read the settings afresh, or raise InvalidInput with one sentence about the first bad one."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise InvalidInput(_sentence(error), field=_variable(error)) from None


@cache
def settings() -> Settings:
    """The settings of this process."""
    return load()


def _variable(error: ValidationError) -> str:
    return "CICLO_" + "_".join(str(part) for part in error.errors()[0]["loc"]).upper()


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{_variable(error)}={first['input']!r}: {first['msg'].rstrip('.')}."
