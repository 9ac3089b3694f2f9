"""Forms of what rebates are judged by: baselines of growth and declarations of exclusivity."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from channel.web.forms.fields import ChoiceField, DayField, Form, IdField, MoneyField, TextField


class BaselineForm(Form):
    policy_code = ChoiceField(_l("policy"), [DataRequired()])
    distributor_id = IdField(_l("distributor"), [DataRequired()])
    period = TextField(_l("period"), [DataRequired(), Length(max=24)])
    currency = TextField(_l("currency"), [DataRequired(), Length(3, 3)], default="CNY")
    value = MoneyField(_l("baseline"), [InputRequired()], minimum=1)
    reason = TextAreaField(_l("where the figure comes from"), [DataRequired(), Length(max=500)])


class DeclarationForm(Form):
    first = DayField(_l("from"), [DataRequired()])
    last = DayField(_l("last day"), [DataRequired()])
    signer = TextField(_l("name of the person who signs"), [DataRequired(), Length(max=255)])
    is_agreed = BooleanField(_l("I have read the declaration and the legal note, and may sign"))
