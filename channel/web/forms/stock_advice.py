"""The form that says how a safety stock is found: method, service, days, from when and why."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from channel.messages.stock_advice import METHOD_WORDS
from channel.web.forms.fields import BasisPointsField, ChoiceField, DayField, Form, TextField


class PolicyForm(Form):
    """A choice for one product of one distributor; typed text stays when it is refused."""

    method = ChoiceField(_l("method"), [Optional()])
    service_bp = BasisPointsField(
        _l("service level in percent"),
        [
            InputRequired(),
            NumberRange(5000, 9999, _l("A service level lies from 50 to 99.99 percent.")),
        ],
    )
    review_days = IntegerField(_l("review period in days"), [InputRequired(), NumberRange(0, 90)])
    lead_days = IntegerField(
        _l("lead time in days"),
        [Optional(), NumberRange(0, 180)],
        description=_l("Empty: as our deliveries took."),
    )
    safety_days = IntegerField(_l("safety days"), [InputRequired(), NumberRange(0, 90)])
    cover_days = IntegerField(_l("days an order covers"), [InputRequired(), NumberRange(1, 90)])
    valid_from = DayField(_l("valid from"), [DataRequired()])
    reason = TextField(_l("reason"), [DataRequired(), Length(max=500)])


def method_choices() -> list[tuple[str, str]]:
    """(code, name), the rule's own choice first."""
    return [(code, str(word)) for code, word in METHOD_WORDS.items()]
