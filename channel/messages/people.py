"""Sentences about people and passwords."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from channel.messages.texts import Text, register

register(
    {
        "password.short": Text(
            _l("The password is too short."), _l("Use at least %(least)s characters.")
        ),
        "password.guessable": Text(
            _l("The password is too easy to guess."),
            _l("Use several different characters, and not your address."),
        ),
        "password.wrong": Text(_l("The present password is not right."), _l("Type it again.")),
        "sign_in.throttled": Text(
            _l("Too many attempts."), _l("Wait fifteen minutes, then try again.")
        ),
        "token.used": Text(
            _l("This link was used already or has expired."), _l("Ask for a new one.")
        ),
        "user.known": Text(
            _l("%(email)s has an account already."), _l("Search the list of users.")
        ),
        "user.distributor_needed": Text(
            _l("A distributor's user belongs to one distributor, and nobody else does."),
            _l("Choose the distributor, or another role."),
        ),
        "user.last_admin": Text(
            _l("This is the last active administrator."),
            _l("Make somebody else administrator first."),
        ),
    }
)
