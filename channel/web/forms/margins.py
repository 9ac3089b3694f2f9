"""The form of a good's suggested prices and of its band."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired

from channel.web.forms.fields import DayField, Form, MoneyField


class SuggestionForm(Form):
    valid_from = DayField(_l("valid from"), [DataRequired()])
    wholesale_fen = MoneyField(_l("suggested wholesale price"), [InputRequired()], minimum=1)
    retail_fen = MoneyField(_l("suggested retail price"), [InputRequired()], minimum=1)
    floor_fen = MoneyField(_l("band of resale prices, from"), minimum=1)
    ceiling_fen = MoneyField(_l("band of resale prices, to"), minimum=1)
