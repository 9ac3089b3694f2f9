"""Forms of rebate groups: a name, a new member, the end of a membership."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

from channel.web.forms.fields import DayField, Form, IdField, TextField


class GroupForm(Form):
    name = TextField(_l("name"), [DataRequired(), Length(max=255)])


class MemberForm(Form):
    distributor_id = IdField(_l("distributor"), [DataRequired()])
    valid_from = DayField(_l("from"), [DataRequired()])


class LeaveForm(Form):
    last_day = DayField(_l("last day"), [DataRequired()])
