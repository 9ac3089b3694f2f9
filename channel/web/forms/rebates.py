"""Forms of rebate runs and of the page «where do I stand»; those of a policy stand beside."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

from channel.web.forms.fields import DayField, Form, IdField, TextField


class RunForm(Form):
    period = TextField(_l("period"), [DataRequired(), Length(max=24)])


class ReasonForm(Form):
    reason = TextField(_l("reason"), [Length(max=500)])


class StandingForm(Form):
    """What the page «where do I stand» is asked for; part of its address."""

    class Meta:
        csrf = False

    distributor = IdField(_l("distributor"))
    on = DayField(_l("on"))
