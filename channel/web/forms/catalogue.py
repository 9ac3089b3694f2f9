"""Forms about goods, prices, VAT and working days."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from channel.web.forms.fields import (
    ChoiceField,
    DayField,
    Form,
    IdField,
    MoneyField,
    PercentField,
    TextField,
)

_CODE = Regexp(r"[^\s,;]+$", message=_l("A code has no spaces, commas or semicolons."))


class ProductForm(Form):
    code = TextField(_l("code"), [DataRequired(), Length(max=64), _CODE])
    name = TextField(_l("name"), [DataRequired(), Length(max=255)])
    name_en = TextField(_l("English name"), [Length(max=255)])
    group_id = IdField(_l("product group"), [DataRequired()])
    unit = TextField(_l("unit"), [DataRequired(), Length(max=16)], default="箱")
    units_per_case = IntegerField(
        _l("units per case"), [InputRequired(), NumberRange(1, 100_000)], default=1
    )
    vat_class = ChoiceField(_l("VAT class"), [DataRequired()], default="standard")
    shelf_life_days = IntegerField(_l("shelf life (days)"), [Optional(), NumberRange(1, 20_000)])
    srp_fen = MoneyField(_l("suggested retail price"))
    launched_on = DayField(_l("launched on"))
    is_active = BooleanField(_l("is sold"), default=True)


class GroupForm(Form):
    code = TextField(_l("code"), [DataRequired(), Length(max=64), _CODE])
    name = TextField(_l("name"), [DataRequired(), Length(max=255)])


class BookForm(GroupForm):
    currency = TextField(
        _l("currency"),
        [
            DataRequired(),
            Regexp(r"[A-Z]{3}$", message=_l("A currency has three capital letters, like CNY.")),
        ],
        default="CNY",
    )


class ProposalForm(Form):
    valid_from = DayField(_l("valid from"), [DataRequired()])
    product_id = IdField(_l("product"), [DataRequired()])
    gross_fen = MoneyField(_l("price of one unit, incl. VAT"), [InputRequired()], minimum=1)


class VatForm(Form):
    vat_class = TextField(
        _l("VAT class"),
        [
            DataRequired(),
            Length(max=32),
            Regexp(r"[a-z][a-z0-9_]*$", message=_l("Use small letters, digits and underscore.")),
        ],
    )
    rate = PercentField(_l("rate (percent)"), [InputRequired()])
    valid_from = DayField(_l("valid from"), [DataRequired()])

    def validate_rate(self, field: Any) -> None:
        rate: Decimal | None = field.data
        if rate is not None and (rate > 100 or rate * 100 != int(rate * 100)):
            raise ValidationError(_("A VAT rate lies between 0 and 100 with at most two decimals."))

    @property
    def rate_bp(self) -> int:
        """The rate in basis points."""
        return int((self.rate.data or Decimal(0)) * 100)


class CalendarDayForm(Form):
    kind = ChoiceField(_l("this day is"), [DataRequired()])
    name = TextField(_l("name"), [Length(max=60)])
    state = ChoiceField(_l("source"), [DataRequired()], default="official")
