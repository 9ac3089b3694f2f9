"""People: sign-in with a throttle, invitations, password reset, and the administrator's acts."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask_babel import force_locale
from flask_babel import gettext as _

from channel.access import SYSTEM, Actor, Permission, Role
from channel.db import db
from channel.models.accounts import LoginAttempt, User, UserToken
from channel.queries import accounts as people
from channel.services.work import Refused, Work, work
from contracts.values.findings import Finding, Severity

_hasher = PasswordHasher()
#: Verified against when nobody has the address, so that the answer takes as long.
_NOBODY = _hasher.hash(secrets.token_hex(16))

INVITATION_DAYS = 7
RESET_HOURS = 2
MIN_PASSWORD = 10


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def check_password(password: str, email: str) -> list[Finding]:
    """Length and plain foolishness; nothing that makes people write passwords on paper."""
    if len(password) < MIN_PASSWORD:
        return [Finding("password.short", Severity.BLOCK, "", {"least": MIN_PASSWORD})]
    if len(set(password)) < 4 or password.lower() in (email, email.split("@")[0]):
        return [Finding("password.guessable", Severity.BLOCK)]
    return []


def sign_in(email: str, password: str, client: str) -> tuple[Actor, int] | None:
    """The actor and session epoch when the pair is right, else None.

    Raises Refused («throttled») after too many failures of the address or the client.
    """
    email = email.strip().lower()
    keys = (f"email:{email}", f"client:{client}")
    if people.is_throttled(*keys):
        raise Refused([Finding("sign_in.throttled", Severity.BLOCK)])
    user = people.find_user_by_email(email)
    stored = user.password_hash if user and user.password_hash and user.is_active else None
    # Hashing takes tens of milliseconds and must not stand inside a write transaction.
    right = _verify(stored or _NOBODY, password) and stored is not None
    if not right or user is None:
        with work(SYSTEM) as w:
            w.session.add_all(LoginAttempt(key=key, at=w.now) for key in keys)
        return None
    actor, epoch, user_id = people.actor_of(user), user.session_epoch, user.id
    with work(actor) as w:
        user = w.session.get_one(User, user_id)
        user.last_login_at = w.now
        w.session.execute(sa.delete(LoginAttempt).where(LoginAttempt.key == keys[0]))
        if _hasher.check_needs_rehash(stored or ""):
            user.password_hash = hash_password(password)
        w.audit("user:sign_in", user, label=user.email)
    return actor, epoch


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _send_link(w: Work, user: User, kind: str, base_url: str, lifetime: timedelta) -> str:
    token = secrets.token_urlsafe(32)
    digest = hashlib.sha256(token.encode()).hexdigest()
    w.session.add(
        UserToken(user_id=user.id, kind=kind, token_hash=digest, expires_at=w.now + lifetime)
    )
    link = f"{base_url}/password/{token}"
    with force_locale(user.locale):
        if kind == "invite":
            subject = _("You are invited to Weir")
            body = _(
                "%(name)s,\n\nan account was opened for you in Weir. Choose your password within "
                "%(days)s days:\n%(link)s\n",
                name=user.name,
                days=INVITATION_DAYS,
                link=link,
            )
        else:
            subject = _("Choose a new password for Weir")
            body = _(
                "%(name)s,\n\na new password was asked for. Choose it within %(hours)s hours:\n"
                "%(link)s\n\nIf you did not ask, do nothing.\n",
                name=user.name,
                hours=RESET_HOURS,
                link=link,
            )
    w.mail(user.email, subject, body)
    return link


def open_administrator(email: str, name: str, base_url: str) -> str:
    """For the command line of an empty house: an administrator, and the link to its password."""
    with work(SYSTEM, Permission.USERS_MANAGE) as w:
        email = email.strip().lower()
        if people.find_user_by_email(email):
            raise Refused([Finding("user.known", Severity.BLOCK, "", {"email": email})])
        user = User(email=email, name=name, role=Role.ADMIN.value, locale="zh_CN", created_at=w.now)
        w.session.add(user)
        w.session.flush()  # the token needs user.id
        w.audit("user:invite", user, label=email, changes={"role": Role.ADMIN.value})
        return _send_link(w, user, "invite", base_url, timedelta(days=INVITATION_DAYS))


def invite_user(
    actor: Actor,
    *,
    email: str,
    name: str,
    role: Role,
    distributor_id: int | None,
    locale: str,
    base_url: str,
) -> int:
    """Open an account and mail the link with which its owner chooses a password."""
    with work(actor, Permission.USERS_MANAGE) as w:
        email = email.strip().lower()
        if people.find_user_by_email(email):
            raise Refused([Finding("user.known", Severity.BLOCK, "", {"email": email})])
        if (role is Role.DISTRIBUTOR) != (distributor_id is not None):
            raise Refused([Finding("user.distributor_needed", Severity.BLOCK)])
        user = User(
            email=email,
            name=name,
            role=role.value,
            distributor_id=distributor_id,
            locale=locale,
            created_at=w.now,
        )
        w.session.add(user)
        w.session.flush()  # the token needs user.id
        _send_link(w, user, "invite", base_url, timedelta(days=INVITATION_DAYS))
        w.audit("user:invite", user, label=email, changes={"role": role.value})
        return user.id


def ask_reset(email: str, base_url: str) -> None:
    """Mail a reset link if the address is known; the answer is the same if it is not."""
    with work(SYSTEM) as w:
        user = people.find_user_by_email(email)
        if user is None or not user.is_active:
            return
        kind = "reset" if user.password_hash else "invite"
        _send_link(w, user, kind, base_url, timedelta(hours=RESET_HOURS))
        w.audit("user:ask_reset", user, label=user.email)


def set_password(token: str, password: str) -> None:
    """Follow an invitation or reset link; older sessions of the user end."""
    hashed = hash_password(password)
    with work(SYSTEM) as w:
        found = people.find_token(token)
        if found is None:
            raise Refused([Finding("token.used", Severity.BLOCK)])
        user = w.session.get_one(User, found.user_id)
        if findings := check_password(password, user.email):
            raise Refused(findings)
        found.used_at = w.now
        user.password_hash = hashed
        user.session_epoch += 1
        w.audit("user:set_password", user, label=user.email)


def change_password(actor: Actor, old: str, new: str) -> int:
    """Change one's own password; gives the new session epoch."""
    user = db.session.get_one(User, actor.user_id)
    if not user.password_hash or not _verify(user.password_hash, old):
        raise Refused([Finding("password.wrong", Severity.BLOCK)])
    if findings := check_password(new, user.email):
        raise Refused(findings)
    hashed = hash_password(new)
    with work(actor) as w:
        user = w.session.get_one(User, actor.user_id)
        user.password_hash = hashed
        user.session_epoch += 1
        w.audit("user:set_password", user, label=user.email)
        return user.session_epoch


def save_user(
    actor: Actor,
    user_id: int,
    *,
    name: str,
    role: Role,
    distributor_id: int | None,
    is_active: bool,
) -> None:
    """Change a user's name, role or state. The last administrator cannot be taken away."""
    with work(actor, Permission.USERS_MANAGE) as w:
        user = w.session.get_one(User, user_id)
        if (role is Role.DISTRIBUTOR) != (distributor_id is not None):
            raise Refused([Finding("user.distributor_needed", Severity.BLOCK)])
        loses_admin = user.role == Role.ADMIN and (role is not Role.ADMIN or not is_active)
        if loses_admin and _other_admins(user.id) == 0:
            raise Refused([Finding("user.last_admin", Severity.BLOCK)])
        changes = {
            "name": (user.name, name),
            "role": (user.role, role.value),
            "distributor_id": (user.distributor_id, distributor_id),
            "is_active": (user.is_active, is_active),
        }
        changed = {k: v for k, v in changes.items() if v[0] != v[1]}
        user.name, user.role = name, role.value
        user.distributor_id, user.is_active = distributor_id, is_active
        if changed.keys() & {"role", "distributor_id", "is_active"}:
            user.session_epoch += 1  # rights changed: older sessions end
        if changed:
            w.audit("user:save", user, label=user.email, changes=changed)


def _other_admins(user_id: int) -> int:
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(User)
            .where(User.role == Role.ADMIN, User.is_active.is_(True), User.id != user_id)
        )
        or 0
    )


def resend_invitation(actor: Actor, user_id: int, base_url: str) -> None:
    with work(actor, Permission.USERS_MANAGE) as w:
        user = w.session.get_one(User, user_id)
        _send_link(w, user, "invite", base_url, timedelta(days=INVITATION_DAYS))
        w.audit("user:invite", user, label=user.email)


def set_locale(actor: Actor, locale: str) -> None:
    """Remember the language of the user for mails and other browsers."""
    with work(actor) as w:
        user = w.session.get_one(User, actor.user_id)
        user.locale = locale
