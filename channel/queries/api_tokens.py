"""Reads of API tokens: whose a token is, and which ones a person has."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from channel.access import Actor
from channel.db import db
from channel.models.accounts import User
from channel.models.api import ApiToken
from channel.queries.accounts import actor_of


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_token(token: str) -> tuple[ApiToken, Actor] | None:
    """The token and the person for whom it acts, unless either is closed."""
    row = db.session.execute(
        sa.select(ApiToken, User)
        .join(User, User.id == ApiToken.user_id)
        .where(
            ApiToken.token_hash == digest(token),
            ApiToken.revoked_at.is_(None),
            User.is_active.is_(True),
        )
    ).first()
    return (row[0], actor_of(row[1])) if row else None


def tokens_of(actor: Actor) -> list[ApiToken]:
    """The person's own tokens, the newest first; revoked ones stay to be seen."""
    return list(
        db.session.scalars(
            sa.select(ApiToken)
            .where(ApiToken.user_id == actor.user_id)
            .order_by(ApiToken.revoked_at.is_not(None), ApiToken.id.desc())
            .limit(50)
        )
    )
