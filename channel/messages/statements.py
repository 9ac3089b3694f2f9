"""What printing and verifying statements says when it refuses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from channel.messages.texts import Text, register

register(
    {
        "statement.verify_throttled": Text(
            _("Too many wrong codes came from here."), _("Try again in a quarter of an hour.")
        ),
        "statement.no_annex": Text(
            _("Statement %(number)s was posted before its lines were kept in a file."),
            _("Open the list of its invoice lines and export that."),
        ),
        "statement.does_not_re_add": Text(
            _("The lines behind statement %(number)s do not add up to its figures."),
            _("Tell the administrator: nothing is printed that does not add up."),
        ),
    }
)
