"""Settings from the environment, validated once at start.

Imports nothing of ours; a wrong setting stops the start with a sentence that names the variable.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path


class WrongSetting(ValueError):
    """A setting that cannot be used; the text names the variable and the remedy."""


def _database_url(var: Path) -> str:
    url = os.environ.get("WEIR_DATABASE_URL", "").strip()
    if not url:
        return f"sqlite:///{var / 'weir.sqlite3'}"
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise WrongSetting(
            "WEIR_DATABASE_URL must begin with sqlite:/// or postgresql://, not "
            + url.split(":")[0]
        )
    return url


def _secret_key(var: Path) -> str:
    """The key that signs sessions: from the environment, else drawn once and kept in var/."""
    if key := os.environ.get("WEIR_SECRET_KEY"):
        if len(key) < 32:
            raise WrongSetting("WEIR_SECRET_KEY must have at least 32 characters")
        return key
    file = var / "secret_key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text().strip()


def _count(name: str, default: int) -> int:
    text = os.environ.get(name, str(default))
    if not text.isdigit():
        raise WrongSetting(f"{name} must be a whole number, not {text!r}")
    return int(text)


@dataclass
class Config:
    """Everything that may differ between two installations."""

    var: Path = field(default_factory=lambda: Path(os.environ.get("WEIR_VAR", "var")).resolve())
    database_url: str = ""
    secret_key: str = ""
    #: Where links in mails point to; the reverse proxy's address in production.
    base_url: str = field(
        default_factory=lambda: os.environ.get("WEIR_BASE_URL", "http://127.0.0.1:8000")
    )
    #: smtp://user:password@host:port, smtps://...; empty: mails are written to var/mail.
    smtp_url: str = field(default_factory=lambda: os.environ.get("WEIR_SMTP_URL", ""))
    mail_from: str = field(
        default_factory=lambda: os.environ.get("WEIR_MAIL_FROM", "weir@example.com")
    )
    #: How many reverse proxies stand before us and may say who the client is.
    trusted_proxies: int = field(default_factory=lambda: _count("WEIR_TRUSTED_PROXIES", 0))
    session_lifetime: timedelta = timedelta(hours=8)
    max_upload_bytes: int = 40 * 1024 * 1024
    testing: bool = False

    def __post_init__(self) -> None:
        self.var.mkdir(parents=True, exist_ok=True)
        self.database_url = self.database_url or _database_url(self.var)
        self.secret_key = self.secret_key or _secret_key(self.var)

    @property
    def secure_cookies(self) -> bool:
        return self.base_url.startswith("https://")
