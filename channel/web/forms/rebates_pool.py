"""Forms of the rebate pool: on an order, as a request of payment, and what follows it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from channel.web.forms.fields import ChoiceField, DayField, Form, IdField, MoneyField, TextField

#: Finding → the field at which it is shown.
PLACES = {
    "payout.amount": "amount_fen",
    "payout.too_much": "amount_fen",
    "payout.cap": "amount_fen",
    "payout.owed": "amount_fen",
    "payout.form": "form",
    "payout.reason_needed": "reason",
    "payout.reference_needed": "reference",
    "payout.future": "paid_on",
    "payout.until_past": "until",
    "order.quantity": "quantity",
}
GOODS_PLACES = PLACES | {"payout.cap": "quantity", "payout.too_much": "quantity"}


class TakeOffForm(Form):
    amount_fen = MoneyField(_l("amount to take off"), [InputRequired()], minimum=1)


class GoodsForm(Form):
    product_id = IdField(_l("product"), [DataRequired()])
    quantity = IntegerField(_l("quantity"), [InputRequired(), NumberRange(1, 10_000_000)])


class RequestForm(Form):
    """A wish for money, or for an offset."""

    form = ChoiceField(_l("form of payment"), [DataRequired()], choices=[])
    amount_fen = MoneyField(_l("amount"), [InputRequired()], minimum=1)
    reason = TextField(_l("reason"), [Length(max=500)])


class PaidForm(Form):
    paid_on = DayField(_l("paid on"), [DataRequired()])
    reference = TextField(_l("reference of the bank"), [DataRequired(), Length(max=100)])


class UndoForm(Form):
    until = DayField(_l("usable until"), [DataRequired()])
    reason = TextField(_l("reason"), [DataRequired(), Length(max=500)])
