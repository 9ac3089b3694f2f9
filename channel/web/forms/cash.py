"""Forms of cash application: its rules, bank lines, write-offs and interest."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from channel.messages.cash import POLICY_WORDS
from channel.services.cash import RuleFacts
from channel.web.forms.fields import (
    BasisPointsField,
    ChoiceField,
    DayField,
    Form,
    IdField,
    MoneyField,
)
from credit.allocation import HOUSE_POLICIES

#: «INV-2026-000012 5000.00»: a number, then perhaps an amount.
_NAMED = re.compile(r"(\S+)(?:[\s:：=]+(\S+))?\s*")


class RulesForm(Form):
    policy = ChoiceField(
        _l("pays first"), [DataRequired()], choices=[(p, POLICY_WORDS[p]) for p in HOUSE_POLICIES]
    )
    short_fen = MoneyField(_l("underpayment tolerated, amount"), [InputRequired()])
    short_bp = BasisPointsField(_l("underpayment tolerated, share (%)"), [InputRequired()])
    over_fen = MoneyField(_l("overpayment tolerated, amount"), [InputRequired()])
    over_bp = BasisPointsField(_l("overpayment tolerated, share (%)"), [InputRequired()])
    over_is_income = BooleanField(_l("keep a small overpayment as income"))
    interest_bp = BasisPointsField(_l("late-payment interest by the year (%)"), [InputRequired()])
    write_off_band_fen = MoneyField(_l("write-off that finance signs alone"), [InputRequired()])

    def facts(self) -> RuleFacts:
        return RuleFacts(
            policy=self.policy.data,
            short_fen=self.short_fen.data,
            short_bp=self.short_bp.data,
            over_fen=self.over_fen.data,
            over_bp=self.over_bp.data,
            over_is_income=bool(self.over_is_income.data),
            interest_bp=self.interest_bp.data,
            write_off_band_fen=self.write_off_band_fen.data,
        )


class AssignForm(Form):
    """A line is given to a distributor."""

    distributor_id = IdField(_l("distributor"), [DataRequired()])
    learn = BooleanField(_l("remember this payer"), default=True)


class WriteOffForm(Form):
    instalment_id = IdField(_l("instalment"), [])
    amount_fen = MoneyField(_l("amount given up"), [InputRequired()], minimum=1)
    reason = TextAreaField(_l("reason"), [DataRequired(), Length(max=500)])


class InterestForm(Form):
    distributor_id = IdField(_l("distributor"), [DataRequired()])
    up_to = DayField(_l("up to and with"), [DataRequired()])


def read_named(text: str) -> tuple[list[tuple[str, int | None]], list[str]]:
    """([(invoice number, fen or None for what is open)], sentences about what cannot be read)."""
    wishes: list[tuple[str, int | None]] = []
    wrong: list[str] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        found = _NAMED.fullmatch(line)
        fen = amount_of(found[2]) if found and found[2] else None
        if found is None or (found[2] and fen is None):
            wrong.append(
                _("«%(text)s» is not understood: write «INV-2026-000012 5000.00».", text=line)
            )
        else:
            wishes.append((found[1].upper(), fen))
    return wishes, wrong


def amount_of(text: str) -> int | None:
    """An amount as people type it, in whole fen; None where it is none."""
    try:
        amount = Decimal(text.translate(str.maketrans("，．", ",.", "¥￥")).replace(",", ""))
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount != round(amount, 2) or abs(amount) >= 10**13:
        return None
    return int(amount * 100)
