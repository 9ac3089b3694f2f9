"""The form of a count: day, note and photos; quantities are read line by line."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

from channel.web.forms.fields import DayField, Form, TextField
from channel.web.forms.market import photos


class CountForm(Form):
    """What belongs to the whole count."""

    counted_on = DayField(_l("day of the count"), [DataRequired()])
    note = TextField(_l("note"), [Length(max=500)])
    files = photos(_l("photos (optional)"))
