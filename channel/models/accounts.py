"""People who sign in, their invitations, and the attempts that the throttle counts."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from channel.access import Role
from channel.db import Id, Instant, Model, Name


class User(Model):
    """A person. A distributor's user is bound to one distributor; nobody else is."""

    __tablename__ = "user_account"
    __table_args__ = (
        sa.CheckConstraint(
            "(role = 'distributor') = (distributor_id IS NOT NULL)", name="bound_to_distributor"
        ),
    )

    id: Mapped[Id]
    #: Lower case; the name to sign in with.
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[Name]
    role: Mapped[str] = mapped_column(sa.String(32))
    #: argon2; empty until the invitation was followed.
    password_hash: Mapped[str | None] = mapped_column(sa.String(255))
    distributor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("distributor.id"))
    locale: Mapped[str] = mapped_column(sa.String(8), default="zh_CN")
    is_active: Mapped[bool] = mapped_column(default=True)
    #: Raised when the password changes or the user is closed: older sessions end.
    session_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Instant]
    last_login_at: Mapped[Instant | None]

    @property
    def role_enum(self) -> Role:
        return Role(self.role)


class UserToken(Model):
    """A link sent by mail: an invitation or a password reset; used once."""

    __tablename__ = "user_token"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(16))
    #: sha256 of the token; the token itself stands only in the mail.
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class LoginAttempt(Model):
    """A failed sign-in, by address and by client; the throttle counts the recent ones."""

    __tablename__ = "login_attempt"
    __table_args__ = (sa.Index("ix_login_attempt_key_at", "key", "at"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(sa.String(300))
    at: Mapped[Instant]
