"""Forms of trials and of expected tiers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.validators import DataRequired, Length

from channel.web.forms.fields import (
    ChoiceField,
    DayField,
    Form,
    IdField,
    PercentField,
    TextField,
)


class TrialForm(Form):
    """What is tried, on which periods, for whom."""

    policy = IdField(_l("terms to try"), [DataRequired()])
    first = TextField(_l("first period"), [DataRequired(), Length(max=24)])
    last = TextField(_l("last period"), [DataRequired(), Length(max=24)])
    who = ChoiceField(_l("who takes part"), [DataRequired()], default="enrolled")
    facts = ChoiceField(_l("what is counted"), [DataRequired()], default="settled")
    distributors = SelectMultipleField(_l("distributors"))
    against = ChoiceField(_l("compared with"))
    close = PercentField(_l("close to a tier within (percent)"))


class ExpectationForm(Form):
    """The tier that is expected, and why."""

    tier = ChoiceField(_l("expected tier"))
    reason = TextField(_l("reason"), [DataRequired(), Length(max=500)])


class AccrualForm(Form):
    on = DayField(_l("accrue up to and including"), [DataRequired()])
