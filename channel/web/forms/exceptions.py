"""The application for an exception. Which figures are asked for depends on its type."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from channel.services.steps.applications import Application
from channel.web.forms.fields import ChoiceField, DayField, Form, IdField, MoneyField, TextField


class ExceptionForm(Form):
    type = HiddenField()
    distributor_id = IdField(_l("distributor"), [DataRequired()])
    floor_fen = MoneyField(_l("minimum shipment asked for"))
    amount_fen = MoneyField(_l("amount asked for"))
    division_code = TextField(_l("division asked for (six digits)"), [Length(max=6)])
    product_id = IdField(_l("product"), [Optional()])
    unit_gross_fen = MoneyField(_l("special price incl. VAT"))
    max_quantity = IntegerField(_l("quantity at this price"), [Optional(), NumberRange(1)])
    valid_from = DayField(_l("first day"), [DataRequired()])
    last_day = DayField(_l("last day"))
    max_uses = IntegerField(_l("at most so many shipments or orders"), [Optional(), NumberRange(1)])
    max_value_fen = MoneyField(_l("at most this value in all"))
    reason = TextAreaField(_l("reason"), [Length(max=2000)])
    ground_means = TextAreaField(_l("the customer's means"), [Length(max=2000)])
    ground_market = TextAreaField(_l("the market's buying power"), [Length(max=2000)])
    expected_sales_fen = MoneyField(_l("sales expected from it"))

    #: type → the fields that say what is asked.
    ASKED = {
        "minimum": ("floor_fen",),
        "credit": ("amount_fen",),
        "expiry": ("amount_fen",),
        "territory": ("division_code",),
        "price": ("product_id", "unit_gross_fen", "max_quantity"),
    }

    def asked_fields(self) -> list[Any]:
        return [self[name] for name in self.ASKED.get(self.type.data or "", ())]

    def application(
        self, subject: tuple[str, int | None], finding: dict[str, Any] | None
    ) -> Application:
        """The form as a typed wish; the last day is turned into the exclusive end."""
        last = self.last_day.data
        return Application(
            type=self.type.data or "",
            distributor_id=self.distributor_id.data,
            reason=self.reason.data or "",
            valid_from=self.valid_from.data,
            valid_to=last + timedelta(days=1) if last else None,
            asked={f.name: f.data for f in self.asked_fields()},
            subject_kind=subject[0],
            subject_id=subject[1],
            finding=finding,
            ground_means=self.ground_means.data or "",
            ground_market=self.ground_market.data or "",
            expected_sales_fen=self.expected_sales_fen.data,
            max_uses=self.max_uses.data,
            max_value_fen=self.max_value_fen.data,
        )


class DecisionForm(Form):
    note = TextAreaField(_l("note"), [Length(max=2000)])
    to_person = ChoiceField(_l("to whom"), validate_choice=False)
