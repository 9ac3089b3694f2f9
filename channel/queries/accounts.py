"""Reads about people: who signs in, who may decide, and the list for administrators."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel import clock
from channel.access import GRANTS, Actor, NotVisible, Permission, Role
from channel.db import db
from channel.models.accounts import LoginAttempt, User, UserToken
from channel.models.partners import Distributor
from channel.queries.listing import Column, Filter, Listing

#: Failed sign-ins of one address or one client within the window before it must wait.
MAX_ATTEMPTS = 8
WINDOW = timedelta(minutes=15)


def actor_of(user: User) -> Actor:
    return Actor(user.id, user.name, user.role_enum, user.distributor_id, user.locale)


def find_actor(user_id: int, epoch: int) -> Actor | None:
    """The actor of a session, unless the user was closed or signed out everywhere."""
    user = db.session.get(User, user_id)
    if user is None or not user.is_active or user.session_epoch != epoch:
        return None
    return actor_of(user)


def get_user(user_id: int) -> User:
    """The user, or NotVisible."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotVisible
    return user


def find_user_by_email(email: str) -> User | None:
    return db.session.scalar(sa.select(User).where(User.email == email.strip().lower()))


def is_throttled(*keys: str) -> bool:
    """True when any of the keys failed too often within the window."""
    since = clock.now() - WINDOW
    statement = (
        sa.select(LoginAttempt.key)
        .where(LoginAttempt.key.in_(keys), LoginAttempt.at > since)
        .group_by(LoginAttempt.key)
        .having(sa.func.count() >= MAX_ATTEMPTS)
    )
    return db.session.scalar(statement) is not None


def find_token(token: str, kind: str | None = None) -> UserToken | None:
    """The unused, unexpired token of a link, or None."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    found = db.session.scalar(sa.select(UserToken).where(UserToken.token_hash == digest))
    if found is None or found.used_at is not None or found.expires_at < clock.now():
        return None
    return found if kind in (None, found.kind) else None


def people_with(permission: Permission, roles: tuple[str, ...] = ()) -> list[User]:
    """Active users whose role grants the permission, for mails and reassignments."""
    able = [r.value for r in Role if permission in GRANTS[r] and (not roles or r.value in roles)]
    return list(
        db.session.scalars(
            sa.select(User).where(User.role.in_(able), User.is_active.is_(True)).order_by(User.name)
        )
    )


USERS = Listing(
    name="users",
    title=_l("Users"),
    identity=User.id,
    source=sa.outerjoin(User, Distributor, User.distributor_id == Distributor.id),
    columns=[
        Column("name", _l("full name"), User.name),
        Column("email", _l("e-mail"), User.email),
        Column("role", _l("role"), User.role, "role"),
        Column("distributor", _l("distributor"), Distributor.name, wide=True),
        Column("last_login_at", _l("last sign-in"), User.last_login_at, "instant", wide=True),
        Column(
            "state",
            _l("state"),
            sa.case((User.is_active.is_(True), "active"), else_="inactive"),
            "state",
        ),
    ],
    default_sort="name",
    filters=[
        Filter(
            "active",
            _l("state"),
            User.is_active,
            choices=[("1", _l("active")), ("0", _l("inactive"))],
        ),
    ],
    search=[User.name, User.email, Distributor.name],
    endpoint="accounts.user",
    empty=_l("No users yet: invite the first one."),
)


def find_user(user_id: int | None) -> User | None:
    return db.session.get(User, user_id) if user_id else None
