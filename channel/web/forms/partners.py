"""Forms about the maker and the distributors."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import (
    DataRequired,
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
)
from wtforms.widgets import CheckboxInput, ListWidget

from channel.messages.exceptions import CLASSES
from channel.messages.partners import PARTNER_KINDS
from channel.messages.rebates_pool import FORM_WORDS
from channel.messages.texts import WORDS
from channel.web.forms.fields import (
    BasisPointsField,
    ChoiceField,
    DayField,
    Form,
    IdField,
    ManyField,
    MoneyField,
    TextField,
)
from channel.web.forms.territories import DivisionField

_CODE = Regexp(
    r"[A-Za-z0-9][A-Za-z0-9._/-]*$",
    message=_l("Use letters, digits, full stop, hyphen, underscore and slash."),
)
_CURRENCY = Regexp(r"[A-Z]{3}$", message=_l("A currency has three capital letters, like CNY."))


class DistributorForm(Form):
    """All facts of a distributor except its ship-to places."""

    code = TextField(_l("code"), [DataRequired(), Length(max=64), _CODE])
    name = TextField(_l("name"), [DataRequired(), Length(max=255)])
    kind = ChoiceField(_l("kind"), [DataRequired()], choices=list(PARTNER_KINDS.items()))
    uscc = TextField(_l("unified social credit code"), [Length(max=30)])
    licence_until = DayField(_l("licence until"))
    division_code = DivisionField(_l("division of the seat"))
    address = TextField(_l("address"), [Length(max=500)])
    contact = TextField(_l("contact person"), [Length(max=100)])
    phone = TextField(_l("phone"), [Length(max=40)])
    email = TextField(_l("e-mail"), [Optional(), Email(), Length(max=254)])
    tax_name = TextField(_l("name on invoices"), [Length(max=255)])
    bank_name = TextField(_l("bank"), [Length(max=255)])
    bank_account = TextField(_l("bank account"), [Length(max=64)])
    currency = TextField(_l("currency"), [DataRequired(), _CURRENCY], default="CNY")
    sales_rep_id = IdField(_l("sales rep"))
    class_code = ChoiceField(_l("class of distributor"), choices=list(CLASSES.items()))
    is_active = BooleanField(_l("takes part in business"), default=True)
    seen_version = TextField()


class ShipToForm(Form):
    """A place where the distributor takes goods."""

    name = TextField(_l("name of the place"), [DataRequired(), Length(max=255)])
    division_code = DivisionField(_l("division"), [DataRequired()])
    address = TextField(_l("address"), [Length(max=500)])


class MakerForm(Form):
    """The house and its rules."""

    name = TextField(_l("name of the house"), [DataRequired(), Length(max=255)])
    name_en = TextField(_l("English name"), [Length(max=255)])
    uscc = TextField(_l("unified social credit code"), [Length(max=30)])
    address = TextField(_l("address"), [Length(max=500)])
    currency = TextField(_l("currency"), [DataRequired(), _CURRENCY])
    min_shipment_fen = MoneyField(_l("minimum shipment (incl. VAT)"), [InputRequired()])
    levels_open = ManyField(
        _l("levels that may hold a territory"),
        [DataRequired(message=_l("Choose at least one level."))],
        choices=list(WORDS["level"].items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    objection_days = IntegerField(
        _l("days to object to a statement"), [InputRequired(), NumberRange(0, 365)]
    )
    silence_confirms = BooleanField(_l("a statement is confirmed when nobody objects in time"))
    dispute_days = IntegerField(
        _l("days to answer a dispute of a statement"), [InputRequired(), NumberRange(1, 365)]
    )
    exception_band_fen = MoneyField(
        _l("exceptions above this also need the owner"), [InputRequired()]
    )
    limit_raise_bp = BasisPointsField(
        _l("raise of a limit that one desk signs (%)"), [InputRequired()]
    )
    floor_margin_bp = BasisPointsField(_l("floor of the dealer margin (%)"), [InputRequired()])
    ladder_rebate_bp = BasisPointsField(_l("rebate of the margin ladder (%)"), [InputRequired()])
    growth_bound_bp = BasisPointsField(
        _l("growth of a target beyond its peers (points)"), [InputRequired()]
    )
    shows_grades = BooleanField(_l("distributors see their own credit grade"))
    stock_old_days = IntegerField(
        _l("stock figures are old after days"), [InputRequired(), NumberRange(1, 365)]
    )
    stock_short_days = IntegerField(
        _l("stock is short below days of cover"), [InputRequired(), NumberRange(0, 365)]
    )
    stock_over_days = IntegerField(
        _l("stock is over above days of cover"), [InputRequired(), NumberRange(1, 1000)]
    )
    count_gap_bp = BasisPointsField(_l("gap of a count that is followed up (%)"), [InputRequired()])
    outlet_sleep_days = IntegerField(
        _l("an outlet sleeps after days without an order"), [InputRequired(), NumberRange(1, 1000)]
    )
    outlet_lost_days = IntegerField(
        _l("and is lost after days"), [InputRequired(), NumberRange(1, 3000)]
    )
    payout_forms = ManyField(
        _l("forms in which rebates are used"),
        [DataRequired(message=_l("Choose at least one form."))],
        choices=list(FORM_WORDS.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    payout_cap_bp = BasisPointsField(
        _l("rebates on an order at most (% of its goods)"),
        [InputRequired(), NumberRange(0, 10_000)],
    )
    payout_clawback_months = IntegerField(
        _l("taken back is what was earned in the last months"), [Optional(), NumberRange(1, 120)]
    )
    quiet_from = IntegerField(_l("quiet from hour"), [InputRequired(), NumberRange(0, 23)])
    quiet_to = IntegerField(_l("quiet until hour"), [InputRequired(), NumberRange(0, 23)])
