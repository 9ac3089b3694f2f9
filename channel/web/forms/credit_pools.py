"""Forms of shared limits: a pool, and the days of a membership."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

from channel.messages.limits import LIMIT_KINDS
from channel.messages.pools import POOL_KINDS
from channel.services.credit import POOL_KINDS_OF_LIMIT
from channel.web.forms.credit import LimitForm
from channel.web.forms.fields import ChoiceField, DayField, Form, IdField, TextField

#: Finding → the field at which it is shown.
PLACES = {
    "pool.name": "name",
    "pool.house": "kind",
    "pool.member_twice": "distributor_id",
    "pool.elsewhere": "distributor_id",
    "pool.past": "first_day",
    "pool.span": "last_day",
}


class PoolForm(Form):
    name = TextField(_l("name"), [DataRequired(), Length(max=255)])
    kind = ChoiceField(_l("kind"), [DataRequired()], choices=list(POOL_KINDS.items()))
    currency = ChoiceField(_l("currency"), [DataRequired()])


class MemberForm(Form):
    distributor_id = IdField(_l("distributor"), [DataRequired()])
    first_day = DayField(_l("first day"), [DataRequired()])
    last_day = DayField(_l("last day"))


class PoolLimitForm(LimitForm):
    """The same limit as a debtor's, of the kinds that can be shared."""

    kind = ChoiceField(
        _l("kind of limit"),
        [DataRequired()],
        choices=[(kind, LIMIT_KINDS[kind][0]) for kind in POOL_KINDS_OF_LIMIT],
        default="fixed",
    )
