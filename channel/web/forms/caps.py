"""The form of a territory cap."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from channel.messages.texts import WORDS
from channel.web.forms.fields import ChoiceField, DayField, Form, TextField
from channel.web.forms.territories import DivisionField


class CapForm(Form):
    """At most so many contracts of a level in an area, from a day on."""

    division_code = DivisionField(_l("area"), [DataRequired()])
    level = ChoiceField(
        _l("contracts of the level"), [DataRequired()], choices=list(WORDS["level"].items())
    )
    most = IntegerField(_l("at most"), [InputRequired(), NumberRange(0, 10_000)])
    valid_from = DayField(_l("from"), [DataRequired()])
    reason = TextField(_l("reason"), [Length(max=500)])
