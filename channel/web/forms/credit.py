"""The form of a credit limit: one kind at a time, each with its own fields."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import DataRequired, Length

from channel import clock
from channel.messages.limits import LIMIT_KINDS
from channel.services.credit import LimitWish
from channel.web.forms.fields import (
    BasisPointsField,
    ChoiceField,
    DayField,
    Form,
    MoneyField,
    TextField,
)

#: Finding → the field at which it is shown.
PLACES = {
    "limit.reason_needed": "reason",
    "limit.end_needed": "last_day",
    "limit.span": "last_day",
    "limit.review_outside": "review_on",
    "limit.guarantee_needed": "guarantor",
    "limit.share": "share_bp",
    "limit.amount_needed": "amount_fen",
    "limit.project_needed": "project",
    "pool.kind_of_limit": "kind",
}


class LimitForm(Form):
    kind = ChoiceField(
        _l("kind of limit"),
        [DataRequired()],
        choices=[(kind, name) for kind, (name, _does) in LIMIT_KINDS.items()],
        default="fixed",
    )
    amount_fen = MoneyField(_l("amount"))
    is_unlimited = BooleanField(_l("unlimited"))
    valid_from = DayField(_l("first day"), [DataRequired()])
    last_day = DayField(_l("last day"))
    review_on = DayField(_l("review on"))
    guarantor = TextField(_l("guarantor"), [Length(max=200)])
    guarantee_fen = MoneyField(_l("value of the guarantee"))
    share_bp = BasisPointsField(_l("share that counts (%)"))
    project = TextField(_l("project"), [Length(max=200)])
    reason = TextField(_l("reason"), [DataRequired(), Length(max=500)])

    def wish(self) -> LimitWish:
        """The proposal; a last day is inclusive for people and exclusive inside."""
        last = self.last_day.data
        return LimitWish(
            kind=self.kind.data,
            amount_fen=None if self.is_unlimited.data else self.amount_fen.data,
            valid_from=self.valid_from.data or clock.today(),
            valid_to=last + timedelta(days=1) if last else None,
            review_on=self.review_on.data,
            guarantor=self.guarantor.data or "",
            guarantee_fen=self.guarantee_fen.data,
            share_bp=self.share_bp.data,
            project=self.project.data or "",
            reason=self.reason.data or "",
        )

    @property
    def lacks_amount(self) -> bool:
        """A fixed limit says its amount, or that it is unlimited: blank is neither."""
        return (
            self.kind.data == "fixed"
            and self.amount_fen.data is None
            and not self.is_unlimited.data
        )
