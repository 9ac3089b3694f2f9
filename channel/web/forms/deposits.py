"""The form of a movement of a deposit."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, Length

from channel import clock
from channel.messages.deposits import DEPOSIT_KINDS
from channel.services.deposits import Movement
from channel.web.forms.fields import ChoiceField, DayField, Form, MoneyField, TextField

#: Finding → the field at which it is shown.
PLACES = {
    "deposit.amount": "amount_fen",
    "deposit.too_much": "amount_fen",
    "deposit.kind": "kind",
    "deposit.reason_needed": "reason",
    "deposit.top_up_early": "top_up_by",
    "closing.locked": "on",
}
ENTERED = ("paid", "topped_up", "deducted", "refunded")


class MovementForm(Form):
    kind = ChoiceField(
        _l("movement"), [DataRequired()], choices=[(k, DEPOSIT_KINDS[k]) for k in ENTERED]
    )
    amount_fen = MoneyField(_l("amount"), [InputRequired()], minimum=1)
    on = DayField(_l("date"), [DataRequired()])
    top_up_by = DayField(_l("fill up by"))
    reason = TextField(_l("reason"), [DataRequired(), Length(max=500)])

    def movement(self) -> Movement:
        return Movement(
            kind=self.kind.data or "",
            amount_fen=self.amount_fen.data or 0,
            on=self.on.data or clock.today(),
            reason=self.reason.data or "",
            top_up_by=self.top_up_by.data,
        )
