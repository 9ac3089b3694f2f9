"""Tokens for programs: made and revoked by their owner, shown once, stored as a hash.

A token may do exactly what its owner may do. Wrong ones are counted as failed sign-ins are.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

import sqlalchemy as sa

from channel import clock
from channel.access import SYSTEM, Actor, NotVisible
from channel.models.accounts import LoginAttempt
from channel.models.api import ApiToken
from channel.queries import accounts as people
from channel.queries import api_tokens as reads
from channel.services.work import Refused, work
from contracts.values.findings import block

#: By this people and scanners of leaked secrets know what it is.
PREFIX = "weir_"
MOST = 10
#: The last use is written no more often than this, so that reading stays reading.
NOTED_EVERY = timedelta(minutes=10)


def make_token(actor: Actor, name: str) -> str:
    """A new token for the actor; the only time that it can be seen."""
    with work(actor) as w:
        if not name.strip():
            raise Refused([block("token.name_needed")])
        count = w.session.scalar(
            sa.select(sa.func.count())
            .select_from(ApiToken)
            .where(ApiToken.user_id == actor.user_id, ApiToken.revoked_at.is_(None))
        )
        if (count or 0) >= MOST:
            raise Refused([block("token.too_many", count=count or 0)])
        token = PREFIX + secrets.token_urlsafe(32)
        assert actor.user_id is not None
        row = ApiToken(
            user_id=actor.user_id,
            name=name.strip()[:100],
            token_hash=reads.digest(token),
            hint=token[-4:],
            created_at=w.now,
        )
        w.session.add(row)
        w.session.flush()  # the audit line needs row.id
        w.audit("token:make", row, label=f"{row.name} …{row.hint}")
        return token


def revoke_token(actor: Actor, token_id: int) -> None:
    """End one of the actor's own tokens; another's is not even found."""
    with work(actor) as w:
        row = w.session.scalar(
            sa.select(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == actor.user_id)
        )
        if row is None:
            raise NotVisible
        if row.revoked_at is None:
            row.revoked_at = w.now
            w.audit("token:revoke", row, label=f"{row.name} …{row.hint}")


def sign_in(token: str, client: str) -> Actor | None:
    """The actor of a token, or None. Refused («throttled») after too many wrong ones."""
    key = f"api:{client}"
    if people.is_throttled(key):
        raise Refused([block("sign_in.throttled")])
    found = reads.find_token(token)
    if found is None:
        with work(SYSTEM) as w:
            w.session.add(LoginAttempt(key=key, at=w.now))
        return None
    row, actor = found
    if row.last_used_at is None or clock.now() - row.last_used_at > NOTED_EVERY:
        token_id = row.id
        with work(actor) as w:
            w.session.get_one(ApiToken, token_id).last_used_at = w.now
    return actor
