"""Tokens with which a program signs in for a person, and the tries that its throttle counts."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from channel.db import Id, Instant, Model


class ApiToken(Model):
    """A token of one person: it may do what that person may do, until it is revoked."""

    __tablename__ = "api_token"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    #: What its owner calls it, e.g. the program that uses it.
    name: Mapped[str] = mapped_column(sa.String(100))
    #: sha256 of the token; the token itself is shown once and stands nowhere.
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    #: The last four characters, by which people tell their tokens apart.
    hint: Mapped[str] = mapped_column(sa.String(4))
    created_at: Mapped[Instant]
    last_used_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]
