"""Forms of receipts and credit limits."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from channel.messages.cash import POLICY_WORDS
from channel.messages.payment import METHODS as METHOD_WORDS
from channel.web.forms.fields import ChoiceField, DayField, Form, IdField, MoneyField, TextField

METHODS = list(METHOD_WORDS.items())
POLICIES = [("", ""), *POLICY_WORDS.items()]
#: Refusals that belong to the field of the named invoices.
NAMED_CODES = tuple(
    f"receipt.named_{fault}"
    for fault in ("unknown", "twice", "nothing", "too_much", "beyond", "none")
)


class ReceiptForm(Form):
    distributor_id = IdField(_l("distributor"), [DataRequired()])
    received_on = DayField(_l("received on"), [DataRequired()])
    amount_fen = MoneyField(_l("amount"), [InputRequired()], minimum=1)
    currency = TextField(_l("currency"), [DataRequired(), Length(3, 3)], default="CNY")
    method = ChoiceField(_l("method of payment"), [DataRequired()], choices=METHODS)
    payer_name = TextField(_l("payer"), [Length(max=255)])
    reference = TextField(_l("reference"), [Length(max=255)])
    policy = ChoiceField(_l("pays first"), [], choices=POLICIES)
    named = TextAreaField(_l("invoices it is meant for"), [Length(max=4000)])
